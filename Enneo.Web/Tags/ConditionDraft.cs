using Enneo.Core.Conditions;

namespace Enneo.Web.Tags;

/// <summary>A test while it is being edited.</summary>
public sealed class TestDraft
{
    public ConditionField Field { get; set; } = ConditionField.Subject;
    public ConditionOperator Operator { get; set; } = ConditionOperator.Contains;
    public bool IsNegated { get; set; }
    public string Header { get; set; } = "";

    /// <summary>As it is typed: several values with commas between.</summary>
    public string Value { get; set; } = "";

    /// <summary>What can be compared so, in the order in which it is offered.</summary>
    public IReadOnlyList<ConditionOperator> Operators => Field switch
    {
        ConditionField.HasAttachment => [],
        ConditionField.Mailbox or ConditionField.Tag => [ConditionOperator.Equals],
        ConditionField.Language => [ConditionOperator.Equals, ConditionOperator.In, ConditionOperator.IsEmpty],
        _ => [ConditionOperator.Contains, ConditionOperator.Equals, ConditionOperator.In, ConditionOperator.Matches, ConditionOperator.IsEmpty],
    };

    public bool TakesValue => Field is not ConditionField.HasAttachment && Operator is not ConditionOperator.IsEmpty;

    public void SetField(ConditionField field)
    {
        Field = field;
        Operator = Operators.Contains(Operator) ? Operator : Operators.FirstOrDefault(ConditionOperator.Equals);
        Value = field is ConditionField.Mailbox or ConditionField.Tag ? "" : Value;
    }

    public static TestDraft Of(ConditionTest test) => new()
    {
        Field = test.Field,
        Operator = test.Operator,
        IsNegated = test.IsNegated,
        Header = test.Header ?? "",
        Value = string.Join(", ", test.Values),
    };

    public ConditionTest ToTest() => new(
        Field,
        Operator,
        !TakesValue ? [] : Operator is ConditionOperator.In ? [.. Value.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)] : [Value],
        IsNegated,
        Field is ConditionField.Header ? Header.Trim() : null);
}

/// <summary>Tests and groups while they are being edited.</summary>
public sealed class GroupDraft
{
    public bool Any { get; set; }
    public bool IsNegated { get; set; }
    public List<TestDraft> Tests { get; } = [];
    public List<GroupDraft> Groups { get; } = [];

    public static GroupDraft Of(ConditionGroup group)
    {
        GroupDraft draft = new() { Any = group.Any, IsNegated = group.IsNegated };
        draft.Tests.AddRange(group.Tests.Select(TestDraft.Of));
        draft.Groups.AddRange(group.Groups.Select(Of));
        return draft;
    }

    public ConditionGroup ToGroup() => new(Any, [.. Tests.Select(test => test.ToTest())], [.. Groups.Select(group => group.ToGroup())], IsNegated);
}
