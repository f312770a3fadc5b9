using System.Globalization;
using Enneo.Core.Net;
using FluentValidation;

namespace Enneo.Core.Integrations.Connected;

/// <summary>All that an admin says about an integration.</summary>
public sealed record IntegrationInput
{
    public string Name { get; init; } = "";

    /// <summary>Stays as it was made.</summary>
    public OtherKind Kind { get; init; }

    public string Url { get; init; } = "";
    public bool MayBePrivate { get; init; }

    /// <summary>By which its API is called; null to keep what there is.</summary>
    public string? Credential { get; init; }

    /// <summary>By which it signs what it posts, where it makes that itself; null to keep what there is.</summary>
    public string? TheirSecret { get; init; }

    /// <summary>Stays as it was made.</summary>
    public long MailboxId { get; init; }

    public string TheirMailbox { get; init; } = "";
    public SendingOwner Owner { get; init; }
    public bool MailsPublicComments { get; init; }
    public IReadOnlyDictionary<SyncedField, FieldRule> Rules { get; init; } = new Dictionary<SyncedField, FieldRule>();
    public DeletionWay Deletions { get; init; }
    public bool IsActive { get; init; } = true;

    internal static IntegrationInput Of(Integration integration) => new()
    {
        Name = integration.Name,
        Kind = integration.Kind,
        Url = integration.Url,
        MayBePrivate = integration.MayBePrivate,
        MailboxId = integration.MailboxId,
        TheirMailbox = integration.TheirMailbox,
        Owner = integration.Owner,
        MailsPublicComments = integration.MailsPublicComments,
        Rules = integration.RulesByField,
        Deletions = integration.Deletions,
        IsActive = integration.IsActive,
    };
}

/// <summary>What became of a change.</summary>
/// <param name="Secret">By which calls of the hook are proven, where we made it; shown this once.</param>
/// <param name="Errors">By field; empty when it was done.</param>
public sealed record IntegrationResult(long? IntegrationId, string? Secret, IReadOnlyDictionary<string, string[]> Errors)
{
    internal static readonly IntegrationResult Missing = new(null, null, new Dictionary<string, string[]>());

    internal static IntegrationResult Refused(string field, string problem) => new(null, null, new Dictionary<string, string[]> { [field] = [problem] });
}

/// <summary>The rules of an integration.</summary>
public sealed class IntegrationInputValidator : AbstractValidator<IntegrationInput>
{
    private const int MaxName = 100;

    public IntegrationInputValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(i => i.Name).Must(name => name.Trim() is { Length: > 0 and <= MaxName } && !name.Any(char.IsControl)).WithMessage(_ => ConnectedText.NameMissing);
        RuleFor(i => i.Url)
            .Must((i, url) => Uri.TryCreate(url.Trim(), UriKind.Absolute, out var address) && GuardedPosting.IsAllowed(address, i.MayBePrivate)).WithMessage(_ => ConnectedText.UrlInvalid);
        When(i => i.Owner is SendingOwner.There, () =>
        {
            RuleFor(i => i.TheirMailbox).Must(mailbox => mailbox.Trim().Length > 0).WithMessage(_ => ConnectedText.TheirMailboxMissing);
            RuleFor(i => i.Rules)
                .Must(rules => rules.GetValueOrDefault(SyncedField.Conversations)?.Direction is SyncDirection.Both or SyncDirection.Out).WithMessage(_ => ConnectedText.ConversationsMissing).OverridePropertyName("conversations");
        });
        RuleFor(i => i.Rules).Custom((rules, context) =>
        {
            foreach (var (field, rule) in rules)
            {
                foreach (var (value, back) in rule.LostOnTheWay(holdsSeveral: field is SyncedField.Tags))
                {
                    context.AddFailure(JsonRead.Camel(field), string.Format(CultureInfo.CurrentCulture, ConnectedText.LostOnTheWay, value, back));
                }

                foreach (var unknown in rule.Pairs.Select(pair => pair.Ours).Where(value => !IsKnown(field, value)).Distinct())
                {
                    context.AddFailure(JsonRead.Camel(field), string.Format(CultureInfo.CurrentCulture, ConnectedText.NoSuchValue, unknown));
                }
            }
        });
    }

    private static bool IsKnown(SyncedField field, string value) => field switch
    {
        SyncedField.Status => TicketWords.Statuses.ContainsKey(value),
        SyncedField.Priority => TicketWords.Priorities.ContainsKey(value),
        _ => true,
    };
}
