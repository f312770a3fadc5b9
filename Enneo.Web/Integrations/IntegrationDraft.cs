using System.Globalization;
using Enneo.Core.Integrations.Connected;

namespace Enneo.Web.Integrations;

/// <summary>An integration while it is being written.</summary>
public sealed class IntegrationDraft
{
    private OtherKind _kind;

    /// <summary>Choosing another one brings what usually fits it.</summary>
    public OtherKind Kind
    {
        get => _kind;
        set
        {
            (_kind, MailsPublicComments) = (value, false);
            Rules = RulesOf(IntegrationPresets.RulesOf(value));
        }
    }

    public string Name { get; set; } = "";
    public string Url { get; set; } = "";
    public bool MayBePrivate { get; set; }
    public string Credential { get; set; } = "";
    public string TheirSecret { get; set; } = "";
    public long MailboxId { get; set; }
    public string TheirMailbox { get; set; } = "";
    public SendingOwner Owner { get; set; } = SendingOwner.There;
    public bool MailsPublicComments { get; set; }
    public DeletionWay Deletions { get; set; }
    public bool IsActive { get; set; } = true;
    public IReadOnlyList<RuleDraft> Rules { get; private set; } = [];

    public static IntegrationDraft Fresh(long mailboxId) => new() { Kind = OtherKind.Enneo, MailboxId = mailboxId };

    public static IntegrationDraft Of(IntegrationInput input) => new()
    {
        Kind = input.Kind,
        Name = input.Name,
        Url = input.Url,
        MayBePrivate = input.MayBePrivate,
        MailboxId = input.MailboxId,
        TheirMailbox = input.TheirMailbox,
        Owner = input.Owner,
        MailsPublicComments = input.MailsPublicComments,
        Deletions = input.Deletions,
        IsActive = input.IsActive,
        Rules = RulesOf(input.Rules),
    };

    /// <returns>And what cannot be read of it, by field.</returns>
    public (IntegrationInput Input, IReadOnlyDictionary<string, string[]> Problems) ToInput()
    {
        Dictionary<string, string[]> problems = [];
        Dictionary<SyncedField, FieldRule> rules = [];
        foreach (var rule in Rules)
        {
            var (pairs, wrong) = rule.Read();
            rules[rule.Field] = new FieldRule(rule.Direction, pairs);
            if (wrong is not null)
            {
                problems[rule.Name] = [string.Format(CultureInfo.CurrentCulture, IntegrationsText.LineWrong, wrong)];
            }
        }

        IntegrationInput input = new()
        {
            Kind = Kind,
            Name = Name,
            Url = Url,
            MayBePrivate = MayBePrivate,
            Credential = Credential.Length == 0 ? null : Credential,
            TheirSecret = TheirSecret.Length == 0 ? null : TheirSecret,
            MailboxId = MailboxId,
            TheirMailbox = TheirMailbox,
            Owner = Owner,
            MailsPublicComments = MailsPublicComments,
            Deletions = Deletions,
            IsActive = IsActive,
            Rules = rules,
        };
        return (input, problems);
    }

    private static IReadOnlyList<RuleDraft> RulesOf(IReadOnlyDictionary<SyncedField, FieldRule> rules) =>
        [.. Enum.GetValues<SyncedField>().Select(field => RuleDraft.Of(field, rules.GetValueOrDefault(field) ?? new FieldRule(SyncDirection.None, [])))];
}
