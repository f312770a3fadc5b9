using System.Globalization;
using Enneo.Core.Integrations.Patching;

namespace Enneo.Core.Integrations.Connected;

/// <summary>What both agree on from now, or that they do not.</summary>
internal sealed record AgreedValue(SyncedField Field, string? Ours, string? Theirs, bool IsConflict = false);

/// <summary>What names of ours mean here.</summary>
/// <param name="TagIds">By name.</param>
/// <param name="People">By email.</param>
internal sealed record OurNames(IReadOnlyDictionary<string, long> TagIds, IReadOnlyDictionary<string, long> People);

/// <summary>What is to be changed on both sides so that a ticket is the same here and there.</summary>
internal sealed class FieldPlan
{
    private static readonly SyncedField[] s_scalars = [SyncedField.Status, SyncedField.Priority, SyncedField.Assignee, SyncedField.Subject];

    private readonly ActingIntegration _acting;
    private readonly OurTicket _ours;
    private readonly OtherTicket _theirs;
    private readonly OurNames _names;
    private readonly IReadOnlyDictionary<SyncedField, SyncedValue> _agreed;
    private readonly Dictionary<SyncedField, string?> _given = [];
    private readonly List<AgreedValue> _values = [];
    private readonly List<string> _problems = [];
    private IReadOnlyCollection<string>? _givenTags;

    private FieldPlan(ActingIntegration acting, OurTicket ours, OtherTicket theirs, IReadOnlyDictionary<SyncedField, SyncedValue> agreed, OurNames names) =>
        (_acting, _ours, _theirs, _agreed, _names, Take) = (acting, ours, theirs, agreed, names, new TicketPatch(ours.Id, new TagCondition([ours.Tag])));

    public TicketPatch Take { get; private set; }

    public bool Takes { get; private set; }

    public GivenFields Give => new(_given, _givenTags);

    public IReadOnlyList<AgreedValue> Values => _values;

    /// <summary>Null where all values have names on both sides.</summary>
    public string? Problem => _problems.Count == 0 ? null : string.Join(' ', _problems);

    /// <param name="agreed">What both agreed on before.</param>
    public static FieldPlan Of(ActingIntegration acting, OurTicket ours, OtherTicket theirs, IReadOnlyDictionary<SyncedField, SyncedValue> agreed, OurNames names)
    {
        FieldPlan plan = new(acting, ours, theirs, agreed, names);
        foreach (var field in s_scalars.Where(field => acting.Rule(field).Direction is not SyncDirection.None))
        {
            plan.Compare(field);
        }

        if (acting.Rule(SyncedField.Tags).Direction is not SyncDirection.None)
        {
            plan.CompareTags();
        }

        return plan;
    }

    private void Compare(SyncedField field)
    {
        var rule = _acting.Rule(field);
        var before = _agreed.GetValueOrDefault(field);
        var (baseOurs, baseTheirs) = before is null ? FirstBase(field, rule) : (before.Ours, before.Theirs);
        Sides sides = new(_ours.Values[field], _theirs[field], baseOurs, baseTheirs);
        var comparison = ThreeWay.Compare(sides, rule);
        if (comparison is WhoChanged.Conflict && before?.Choice is { } choice)
        {
            comparison = choice is ConflictChoice.Ours ? WhoChanged.GiveOurs : WhoChanged.TakeTheirs;
        }

        switch (comparison)
        {
            case WhoChanged.Agreed:
                _values.Add(new(field, sides.Ours, sides.Theirs));
                break;
            case WhoChanged.Same when before is null or { ConflictAt: not null }:
                _values.Add(new(field, baseOurs, baseTheirs));
                break;
            case WhoChanged.GiveOurs:
                _given[field] = sides.Ours is null ? null : rule.ToTheirs(sides.Ours);
                _values.Add(new(field, sides.Ours, _given[field]));
                break;
            case WhoChanged.TakeTheirs when TryTake(field, sides.Theirs is null ? null : rule.ToOurs(sides.Theirs)):
                _values.Add(new(field, sides.Theirs is null ? null : rule.ToOurs(sides.Theirs), sides.Theirs));
                break;
            case WhoChanged.Conflict:
                _values.Add(new(field, sides.Ours, sides.Theirs, IsConflict: true));
                break;
            case WhoChanged.Unknown or WhoChanged.TakeTheirs:
                _problems.Add(string.Format(CultureInfo.CurrentCulture, ConnectedText.ValueUnknown, JsonRead.Camel(field), sides.Ours, sides.Theirs));
                break;
        }
    }

    /// <summary>
    /// Where both had the ticket already, what it is at first is what neither of them has decided. What nobody decided here
    /// changes nothing there: an old ticket that came in closed is not closed there, and no subject of a mail takes a title's place.
    /// </summary>
    private (string? Ours, string? Theirs) FirstBase(SyncedField field, FieldRule rule) => field switch
    {
        SyncedField.Status when !_ours.IsStatusDecided => (_ours.Values[field], _ours.Values[field] is { } status ? rule.ToTheirs(status) : null),
        SyncedField.Subject when !_ours.IsRenamed => (_ours.Values[field], _theirs[field]),
        SyncedField.Status => ("open", rule.ToTheirs("open")),
        SyncedField.Priority => ("medium", rule.ToTheirs("medium")),
        SyncedField.Assignee => (null, null),
        _ => (_theirs[field], _theirs[field]),
    };

    /// <returns>False for what there is no such thing of here.</returns>
    private bool TryTake(SyncedField field, string? value)
    {
        var before = Take;
        Take = field switch
        {
            SyncedField.Status when value is not null && TicketWords.Statuses.TryGetValue(value, out var status) => Take with { Status = status },
            SyncedField.Priority when value is not null && TicketWords.Priorities.TryGetValue(value, out var priority) => Take with { Priority = priority },
            SyncedField.Assignee when value is null => Take with { AssigneeId = new(true, null) },
            SyncedField.Assignee when _names.People.TryGetValue(value, out var person) => Take with { AssigneeId = new(true, person) },
            SyncedField.Subject when !string.IsNullOrWhiteSpace(value) => Take with { Subject = value },
            _ => Take,
        };
        Takes |= Take != before;
        return Take != before;
    }

    /// <summary>Only tags that both know by some name; the others are each side's own affair.</summary>
    private void CompareTags()
    {
        var rule = _acting.Rule(SyncedField.Tags);
        var ours = SetOf(_ours.Tags.Where(tag => rule.NameThere(tag) is { } there && _theirs.KnownTags?.Contains(there) is not false));
        var theirs = SetOf(_theirs.Tags.SelectMany(rule.NamesHere).Where(_names.TagIds.ContainsKey));
        var before = _agreed.GetValueOrDefault(SyncedField.Tags)?.Ours ?? "";
        var merged = ThreeWay.Merge(ours, theirs, SetOf(before.Split('\n')), rule);
        if (!merged.Ours.SetEquals(ours))
        {
            Takes = true;
            Take = Take with { TagIds = [.. _ours.Tags.Except(ours, StringComparer.OrdinalIgnoreCase).Union(merged.Ours, StringComparer.OrdinalIgnoreCase).Where(_names.TagIds.ContainsKey).Select(tag => _names.TagIds[tag]).Distinct()] };
        }

        if (!merged.Theirs.SetEquals(theirs))
        {
            var gone = SetOf(theirs.Except(merged.Theirs, StringComparer.OrdinalIgnoreCase));
            var come = merged.Theirs.Except(theirs, StringComparer.OrdinalIgnoreCase).Select(rule.ToTheirs).OfType<string>();
            var held = SetOf(merged.Ours.Intersect(merged.Theirs, StringComparer.OrdinalIgnoreCase).Select(rule.ToTheirs).OfType<string>()); // also by a name that one which went had, too
            var given = SetOf(_theirs.Tags.Where(tag => held.Contains(tag) || !rule.NamesHere(tag).Any(gone.Contains)).Union(come, StringComparer.OrdinalIgnoreCase));
            _givenTags = given.SetEquals(_theirs.Tags) ? null : given;
        }

        var agreed = string.Join('\n', merged.Agreed.Order(StringComparer.Ordinal));
        if (agreed != before)
        {
            _values.Add(new(SyncedField.Tags, agreed, agreed));
        }
    }

    private static HashSet<string> SetOf(IEnumerable<string> tags) => tags.Where(tag => tag.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
