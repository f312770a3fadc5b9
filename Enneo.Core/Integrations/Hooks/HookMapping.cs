using System.Globalization;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Integrations.Search;
using Enneo.Core.Messages;
using MimeKit;

namespace Enneo.Core.Integrations.Hooks;

/// <summary>One field as a call fills it.</summary>
/// <param name="Value">Null where nothing of it was found.</param>
/// <param name="Problem">Why it cannot be so, in words.</param>
public sealed record MappedField(string Name, string? Value, string? Problem = null);

/// <summary>What a call says, in our words. The settings page shows the same of calls that came before.</summary>
public sealed class HookMapping
{
    /// <summary>What is more is milliseconds: seconds of the year 5138.</summary>
    private const long LastSecond = 100_000_000_000;

    private readonly Dictionary<string, MappedField> _fields;

    private HookMapping(bool isWanted, IReadOnlyList<MappedField> fields, IReadOnlyList<string> tags) =>
        (IsWanted, _fields, Fields, Tags) = (isWanted, fields.ToDictionary(field => field.Name), fields, tags);

    /// <summary>It is of those calls that are of interest.</summary>
    public bool IsWanted { get; }

    /// <summary>In the order of <see cref="HookFields.Of"/>.</summary>
    public IReadOnlyList<MappedField> Fields { get; }

    /// <summary>Names of tags.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>By field.</summary>
    public IReadOnlyDictionary<string, string[]> Errors => Fields.Where(one => one.Problem is not null).ToDictionary(one => one.Name, one => new[] { one.Problem! });

    public string? this[string name] => _fields.GetValueOrDefault(name)?.Value;

    public static HookMapping Of(HookInput hook, HookPayload payload)
    {
        List<MappedField> fields = [];
        IReadOnlyList<string> tags = [];
        foreach (var name in HookFields.Of(hook.Action))
        {
            var template = hook.Fields.GetValueOrDefault(name);
            if (name == HookFields.Tags)
            {
                tags = template is null ? [] : [.. HookTemplate.FillEach(template, payload).Distinct()];
                fields.Add(new MappedField(name, tags.Count == 0 ? null : string.Join(", ", tags)));
            }
            else
            {
                var value = template is null || HookTemplate.Fill(template, payload) is not { } text || string.IsNullOrWhiteSpace(text) ? null : Tidy(name, text);
                fields.Add(new MappedField(name, value, value is null ? null : Problem(name, value)));
            }
        }

        return new HookMapping(IsOfInterest(hook, payload), [.. fields.Select(field => field with { Problem = field.Problem ?? Missing(hook.Action, field, fields) })], tags);
    }

    /// <exception cref="InvalidOperationException">There is no such time, or it is none.</exception>
    public DateTimeOffset? At(string name) => this[name] is { } value ? Instant(value) ?? throw new InvalidOperationException("It was not checked.") : null;

    /// <summary>Also where it is written with a name.</summary>
    public MailAddress? From()
    {
        if (this[HookFields.From] is not { } value || Address(value) is not { } address)
        {
            return null;
        }

        var name = this[HookFields.FromName] ?? address.Name ?? "";
        return new MailAddress(MailSyntax.IsLine(name) ? name : "", address.Address);
    }

    private static bool IsOfInterest(HookInput hook, HookPayload payload) =>
        string.IsNullOrWhiteSpace(hook.WhenPath) || payload.FindEach(hook.WhenPath.Trim()).Any(value => hook.WhenValues.Contains(value, StringComparer.OrdinalIgnoreCase));

    /// <summary>Lines are made one, since other systems mean no harm by it.</summary>
    private static string Tidy(string name, string value) => name switch
    {
        HookFields.Body => value,
        HookFields.Subject or HookFields.FromName => Line(value),
        HookFields.Status or HookFields.Priority => value.Trim().ToLowerInvariant(),
        HookFields.InternetMessageId => MailSyntax.Bare(value)!,
        _ => value.Trim(),
    };

    private static string Line(string value)
    {
        var line = string.Join(' ', value.Split(['\r', '\n', '\t'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        line = string.Concat(line.Where(character => !char.IsControl(character)));
        return line.Length <= MailSyntax.MaxLine ? line : line[..MailSyntax.MaxLine];
    }

    private static string? Problem(string name, string value) => name switch
    {
        HookFields.Ticket => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : HookText.NumberWanted,
        HookFields.From => Address(value) is null ? HookText.AddressWanted : null,
        HookFields.Body => value.Length > MailSyntax.MaxText ? Say(HookText.TooLong, MailSyntax.MaxText) : null,
        HookFields.InternetMessageId => MailSyntax.IsMessageId(value) ? null : HookText.MessageIdWanted,
        HookFields.ExternalTicket or HookFields.ExternalConversation => MailSyntax.IsExternal(value) ? null : Say(HookText.TooLong, ExternalTicket.MaxLength),
        HookFields.Contract => value.Length > TicketFacts.MaxContract ? Say(HookText.TooLong, TicketFacts.MaxContract) : null,
        HookFields.CreatedAt or HookFields.DueBy => Instant(value) is null ? HookText.TimeWanted : null,
        HookFields.Status => TicketWords.Statuses.ContainsKey(value) ? null : Say(HookText.WordWanted, string.Join(", ", TicketWords.Statuses.Keys)),
        HookFields.Priority => TicketWords.Priorities.ContainsKey(value) ? null : Say(HookText.WordWanted, string.Join(", ", TicketWords.Priorities.Keys)),
        _ => null,
    };

    /// <summary>What an action cannot do without.</summary>
    private static string? Missing(HookAction action, MappedField field, List<MappedField> all)
    {
        var isThere = all.ToDictionary(other => other.Name, other => other.Value is not null);
        return (action, field) switch
        {
            (_, { Value: not null }) => null,
            (HookAction.Upsert, { Name: HookFields.From }) => isThere[HookFields.InternetMessageId] ? null : HookText.NotFound,
            (HookAction.Upsert, _) => null,
            (_, { Name: HookFields.ExternalTicket }) => isThere.GetValueOrDefault(HookFields.Ticket) ? null : HookText.NoTicketNamed,
            (HookAction.Store, { Name: HookFields.Body }) => HookText.NotFound,
            _ => null,
        };
    }

    private static MailboxAddress? Address(string value) =>
        MailboxAddress.TryParse(value, out var parsed) && MailSyntax.IsAddress(parsed.Address) ? parsed : null;

    /// <summary>ISO 8601, or Unix time in seconds or milliseconds; without a zone it is UTC.</summary>
    private static DateTimeOffset? Instant(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? FieldValue.TryUnix(number > LastSecond ? number / 1000 : number, out var seconds) ? seconds : null
            : FieldValue.TryInstant(value, out var at) ? at : null;

    private static string Say(string text, params object?[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
