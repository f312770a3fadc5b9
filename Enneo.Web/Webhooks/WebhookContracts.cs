using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Net;
using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Webhooks;

/// <summary>Who is to be told what.</summary>
/// <param name="Events">Empty or left out for all.</param>
/// <param name="MailboxIds">Null or left out for all that the key reaches.</param>
/// <param name="Synchronous">Called once, at the change itself; the agent is told when that fails.</param>
/// <param name="AllowPrivateHost">The host may lie in a private network, and be reached without TLS.</param>
/// <param name="TrustedCertificate">SHA-256 fingerprint of the one certificate that is trusted there although nobody vouches for it; null or left out for those that the machine trusts.</param>
/// <param name="RotateSecret">Makes a new secret; the earlier one signs too for a day.</param>
internal sealed record WebhookRequest(
    string? Url,
    IReadOnlyList<string>? Events,
    IReadOnlyList<long>? MailboxIds,
    bool Active = true,
    bool Synchronous = false,
    bool AllowPrivateHost = false,
    string? TrustedCertificate = null,
    bool RotateSecret = false) : IApiRequest<WebhookRequest>
{
    /// <summary>What is done by this key is not told; left out, that is the key that asks.</summary>
    public Given<long?> OwnKeyId { get; init; }

    public static IValidator<WebhookRequest> Validator { get; } = new InlineValidator<WebhookRequest>();

    public WebhookInput ToInput(long? callingKey) => new()
    {
        Url = Url ?? "",
        Events = Events ?? [],
        MailboxIds = MailboxIds,
        IsActive = Active,
        IsSynchronous = Synchronous,
        MayBePrivate = AllowPrivateHost,
        TrustedCertificate = TrustedCertificate,
        OwnKeyId = OwnKeyId.Is ? OwnKeyId.Value : callingKey,
    };
}

/// <param name="Since">All that happened after this sequence is told, also what never was.</param>
/// <param name="Until">Up to this sequence; left out, there is no end.</param>
internal sealed record ReplayRequest(long? Since, long? Until) : IApiRequest<ReplayRequest>
{
    public static IValidator<ReplayRequest> Validator { get; } = Rules();

    private static InlineValidator<ReplayRequest> Rules()
    {
        InlineValidator<ReplayRequest> rules = [];
        rules.RuleFor(request => request.Since).NotNull().WithMessage(_ => ApiText.SinceMissing);
        return rules;
    }
}

/// <param name="Event">Which one the sample is; left out, <c>TicketCreated</c>.</param>
internal sealed record WebhookTestRequest(string? Event) : IApiRequest<WebhookTestRequest>
{
    public static IValidator<WebhookTestRequest> Validator { get; } = Rules();

    public WebhookEvent Wanted => Event is { } name ? Enum.Parse<WebhookEvent>(name) : WebhookEvent.TicketCreated;

    private static InlineValidator<WebhookTestRequest> Rules()
    {
        InlineValidator<WebhookTestRequest> rules = [];
        rules.RuleFor(request => request.Event).Must(name => name is null || Enum.GetNames<WebhookEvent>().Contains(name)).WithMessage(_ => string.Join(", ", Enum.GetNames<WebhookEvent>()));
        return rules;
    }
}

/// <summary>A webhook as it is.</summary>
/// <param name="State"><c>ok</c>, <c>failing</c>, <c>resting</c> after a day of failures, or <c>off</c>.</param>
/// <param name="Waiting">Deliveries that are to come.</param>
/// <param name="Parked">Deliveries that were set aside.</param>
internal sealed record WebhookResponse(
    long Id,
    string Url,
    IReadOnlyList<string> Events,
    IReadOnlyList<long>? MailboxIds,
    bool Active,
    bool Synchronous,
    bool AllowPrivateHost,
    string? TrustedCertificate,
    long? OwnKeyId,
    string State,
    int Waiting,
    int Parked,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FailingSince,
    DateTimeOffset? RetryAt,
    DateTimeOffset? LastSuccessAt,
    DateTimeOffset? EarlierSecretUntil)
{
    public static WebhookResponse From(WebhookView view) => new(
        view.Id, view.Settings.Url, view.Settings.Events, view.Settings.MailboxIds, view.Settings.IsActive, view.Settings.IsSynchronous, view.Settings.MayBePrivate,
        view.Settings.TrustedCertificate, view.Settings.OwnKeyId,
        StateOf(view), view.Waiting, view.Parked, view.CreatedAt, view.FailingSince, view.RetryAt, view.LastSuccessAt, view.EarlierSecretUntil);

    private static string StateOf(WebhookView view) => view switch
    {
        { Settings.IsActive: false } => "off",
        { PausedAt: not null } => "resting",
        { FailingSince: not null } => "failing",
        _ => "ok",
    };
}

/// <summary>What a webhook was told, or will be.</summary>
/// <param name="Request">What was sent at the last attempt.</param>
/// <param name="Response">The beginning of what was answered.</param>
/// <param name="UntrustedCertificate">SHA-256 fingerprint of the certificate for which the last attempt was given up; null where it was not.</param>
internal sealed record DeliveryResponse(
    long Id,
    string EventId,
    string Event,
    long Sequence,
    long? SubchannelId,
    long? TicketId,
    long? ConversationId,
    DateTimeOffset OccurredAt,
    WebhookDeliveryState State,
    int Attempts,
    DateTimeOffset DueAt,
    DateTimeOffset? LastAttemptAt,
    DateTimeOffset? DeliveredAt,
    int? Milliseconds,
    string? Request,
    int? Status,
    string? Response,
    string? Problem,
    string? UntrustedCertificate)
{
    public static DeliveryResponse From(WebhookDelivery delivery) => new(
        delivery.Id, delivery.EventId, delivery.Event.ToString(), delivery.Sequence, delivery.MailboxId, delivery.TicketId, delivery.MessageId, delivery.OccurredAt, delivery.State,
        delivery.Attempts, delivery.DueAt, delivery.LastAttemptAt, delivery.DeliveredAt, delivery.Milliseconds, delivery.Body, delivery.Status, delivery.Answer, delivery.Problem, delivery.UntrustedCertificate);
}

/// <param name="Secret">Where there is a new one, this once.</param>
internal sealed record WebhookAnswer(bool Success, WebhookResponse Webhook, string? Secret) : IToldOnce
{
    object IToldOnce.ToldAgain => this with { Secret = null };
}

internal sealed record WebhookListAnswer(bool Success, IReadOnlyList<WebhookResponse> Webhooks);

internal sealed record DeliveryListAnswer(bool Success, IReadOnlyList<DeliveryResponse> Deliveries);

/// <param name="Deliveries">So many go, of those that there are by now: without an end, what was never told follows.</param>
internal sealed record ReplayAnswer(bool Success, int Deliveries);

/// <summary>How the receiver took a sample.</summary>
/// <param name="UntrustedCertificate">SHA-256 fingerprint of the certificate that it showed, when trusting that would help.</param>
internal sealed record WebhookTestAnswer(bool Success, int? Status, string Response, string? Problem, string? UntrustedCertificate, int Milliseconds)
{
    public static WebhookTestAnswer From(PostedAnswer answer) => new(answer.Succeeded, answer.Status, answer.Body, answer.Problem, answer.UntrustedCertificate, (int)answer.Took.TotalMilliseconds);
}
