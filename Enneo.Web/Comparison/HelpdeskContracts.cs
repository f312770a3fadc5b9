using Enneo.Core.Integrations.Comparison;
using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Comparison;

/// <summary>What another helpdesk has of a mailbox.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Replace">False adds to what was told before.</param>
internal sealed record HelpdeskListRequest(string? Name, IReadOnlyList<HelpdeskMailRequest?>? Mails, bool Replace = true) : IApiRequest<HelpdeskListRequest>
{
    private const int Most = 50_000;

    public static IValidator<HelpdeskListRequest> Validator { get; } = Rules();

    public IReadOnlyList<HelpdeskRow> ToRows() => [.. Mails!.Select(mail => new HelpdeskRow(mail!.MessageId!, mail.Ticket!, mail.Status ?? "", mail.Assignee ?? "", mail.Time))];

    private static InlineValidator<HelpdeskListRequest> Rules()
    {
        InlineValidator<HelpdeskListRequest> rules = [];
        rules.RuleFor(request => request.Mails).Must(mails => mails is { Count: > 0 and <= Most } && mails.All(mail => mail is { MessageId: not null, Ticket: not null }))
            .WithMessage(_ => string.Format(System.Globalization.CultureInfo.InvariantCulture, LostMailText.MailsWrong, Most));
        return rules;
    }
}

/// <param name="MessageId">The Message-ID header, with or without brackets.</param>
/// <param name="Ticket">The number of its ticket there.</param>
/// <param name="Status">Of that ticket, in the helpdesk's word.</param>
/// <param name="Assignee">The address of who takes care of it.</param>
/// <param name="Time">When it came in there.</param>
internal sealed record HelpdeskMailRequest(string? MessageId, string? Ticket, string? Status, string? Assignee, DateTimeOffset? Time);

/// <param name="Mails">So many are known now.</param>
internal sealed record HelpdeskListAnswer(bool Success, int Mails);
