using System.Globalization;
using Enneo.Core.Conditions;
using Enneo.Core.Tags;

namespace Enneo.Web.Tags;

/// <summary>Conditions in words, such as: subject contains "invoice".</summary>
internal static class ConditionWords
{
    public static string Of(ConditionTest test, IReadOnlyList<TagListing> tags)
    {
        var field = test.Field is ConditionField.Header ? test.Header ?? "" : Field(test.Field);
        if (test.Field is ConditionField.HasAttachment)
        {
            return test.IsNegated ? Say(TagsText.NotWords, field) : field;
        }

        var values = test.Values.Select(value => test.Field is ConditionField.Tag ? tags.FirstOrDefault(tag => tag.Id.ToString(CultureInfo.InvariantCulture) == value)?.FullName ?? value : value);
        var words = test.Operator is ConditionOperator.IsEmpty
            ? $"{field} {Operator(test.Operator)}"
            : $"{field} {Operator(test.Operator)} {string.Join(", ", values.Select(value => $"\"{value}\""))}";
        return test.IsNegated ? Say(TagsText.NotWords, words) : words;
    }

    public static string Field(ConditionField field) => field switch
    {
        ConditionField.Subject => TagsText.FieldSubject,
        ConditionField.Body => TagsText.FieldBody,
        ConditionField.From => TagsText.FieldFrom,
        ConditionField.FromDomain => TagsText.FieldFromDomain,
        ConditionField.To => TagsText.FieldTo,
        ConditionField.Mailbox => TagsText.FieldMailbox,
        ConditionField.Language => TagsText.FieldLanguage,
        ConditionField.HasAttachment => TagsText.FieldHasAttachment,
        ConditionField.AttachmentName => TagsText.FieldAttachmentName,
        ConditionField.Header => TagsText.FieldHeader,
        _ => TagsText.FieldTag,
    };

    public static string Operator(ConditionOperator named) => named switch
    {
        ConditionOperator.Equals => TagsText.OperatorEquals,
        ConditionOperator.Contains => TagsText.OperatorContains,
        ConditionOperator.In => TagsText.OperatorIn,
        ConditionOperator.IsEmpty => TagsText.OperatorIsEmpty,
        _ => TagsText.OperatorMatches,
    };

    private static string Say(string text, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
