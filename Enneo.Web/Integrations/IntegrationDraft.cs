using System.Globalization;
using System.Text.Json;
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
            IsActive = IsActive,
            Rules = rules,
        };
        return (input, problems);
    }

    private static IReadOnlyList<RuleDraft> RulesOf(IReadOnlyDictionary<SyncedField, FieldRule> rules) =>
        [.. Enum.GetValues<SyncedField>().Select(field => RuleDraft.Of(field, rules.GetValueOrDefault(field) ?? new FieldRule(SyncDirection.None, [])))];
}

/// <summary>Which way a field goes; what its values are called, a line each.</summary>
public sealed class RuleDraft
{
    public required SyncedField Field { get; init; }
    public SyncDirection Direction { get; set; }
    public string Lines { get; set; } = "";

    /// <summary>As the API calls it.</summary>
    public string Name => JsonNamingPolicy.CamelCase.ConvertName(Field.ToString());

    public static RuleDraft Of(SyncedField field, FieldRule rule) => new()
    {
        Field = field,
        Direction = rule.Direction,
        Lines = string.Join('\n', rule.Pairs.Select(pair => $"{pair.Ours} {SignOf(pair.Direction)} {pair.Theirs}")),
    };

    /// <returns>The pairs, and the first line that is none.</returns>
    public (IReadOnlyList<ValuePair> Pairs, string? Wrong) Read()
    {
        List<ValuePair> pairs = [];
        foreach (var line in Lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = line.IndexOfAny(['=', '<', '>']);
            if (at <= 0 || line[..at].Trim() is not { Length: > 0 } ours || line[(at + 1)..].Trim() is not { Length: > 0 } theirs)
            {
                return ([], line);
            }

            pairs.Add(new ValuePair(ours, theirs, line[at] switch { '<' => SyncDirection.In, '>' => SyncDirection.Out, _ => SyncDirection.Both }));
        }

        return (pairs, null);
    }

    private static char SignOf(SyncDirection direction) => direction switch
    {
        SyncDirection.In => '<',
        SyncDirection.Out => '>',
        _ => '=',
    };
}
