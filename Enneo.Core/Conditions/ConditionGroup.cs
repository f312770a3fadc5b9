using System.Text.Json;
using System.Text.Json.Serialization;

namespace Enneo.Core.Conditions;

/// <summary>What a test looks at.</summary>
public enum ConditionField
{
    Subject,

    /// <summary>The plain text, or the text of the HTML.</summary>
    Body,

    /// <summary>The sender's address and name.</summary>
    From,

    /// <summary>What stands behind the @ of the sender's address.</summary>
    FromDomain,

    /// <summary>The addresses in To and Cc.</summary>
    To,

    /// <summary>The mailbox that it came to, by its number.</summary>
    Mailbox,

    /// <summary>Two letters of ISO 639-1; empty where it is not known.</summary>
    Language,

    /// <summary>There is an attachment: takes no operator and no value.</summary>
    HasAttachment,
    AttachmentName,

    /// <summary>Any field of the header: <see cref="ConditionTest.Header"/> says which.</summary>
    Header,

    /// <summary>A tag of its ticket, by its number.</summary>
    Tag,
}

/// <summary>How what is there is compared with what was entered; never by upper or lower case.</summary>
public enum ConditionOperator
{
    Equals,
    Contains,

    /// <summary>It is one of several.</summary>
    In,
    IsEmpty,

    /// <summary>A regular expression, which must find something somewhere.</summary>
    Matches,
}

/// <summary>One test of a mail.</summary>
/// <param name="Values">What is compared with: several for <see cref="ConditionOperator.In"/>, none for <see cref="ConditionOperator.IsEmpty"/>.</param>
/// <param name="IsNegated">It holds where the comparison does not: of a field with several values, where none of them does.</param>
/// <param name="Header">The name of the field, only for <see cref="ConditionField.Header"/>.</param>
public sealed record ConditionTest(
    ConditionField Field, ConditionOperator Operator, IReadOnlyList<string> Values, bool IsNegated = false, string? Header = null)
{
    public bool Equals(ConditionTest? other) => other is not null
        && (Field, Operator, IsNegated, Header) == (other.Field, other.Operator, other.IsNegated, other.Header) && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => HashCode.Combine(Field, Operator, IsNegated, Header, Values.Count);
}

/// <summary>Tests of which all must hold, or any. One without tests and groups never holds.</summary>
public sealed record ConditionGroup(bool Any, IReadOnlyList<ConditionTest> Tests, IReadOnlyList<ConditionGroup> Groups, bool IsNegated = false)
{
    public static readonly ConditionGroup Empty = new(false, [], []);

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    [JsonIgnore]
    public bool IsEmpty => Tests.Count == 0 && Groups.All(group => group.IsEmpty);

    /// <summary>All tests, those of its groups included.</summary>
    [JsonIgnore]
    public IEnumerable<ConditionTest> AllTests => Tests.Concat(Groups.SelectMany(group => group.AllTests));

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    public static ConditionGroup FromJson(string json) => JsonSerializer.Deserialize<ConditionGroup>(json, s_json) ?? Empty;

    public bool Equals(ConditionGroup? other) => other is not null
        && (Any, IsNegated) == (other.Any, other.IsNegated) && Tests.SequenceEqual(other.Tests) && Groups.SequenceEqual(other.Groups);

    public override int GetHashCode() => HashCode.Combine(Any, IsNegated, Tests.Count, Groups.Count);
}
