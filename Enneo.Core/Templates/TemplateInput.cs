using FluentValidation;

namespace Enneo.Core.Templates;

/// <summary>All that can be said of a template.</summary>
public sealed record TemplateInput
{
    public string Name { get; init; } = "";

    /// <summary>Plain text or HTML, with placeholders.</summary>
    public string Text { get; init; } = "";

    /// <summary>None for all mailboxes.</summary>
    public IReadOnlyList<long> MailboxIds { get; init; } = [];
}

/// <summary>The rules of a template.</summary>
public sealed class TemplateInputValidator : AbstractValidator<TemplateInput>
{
    private const int MaxName = 100;
    private const int MaxText = 50_000;

    public TemplateInputValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(template => template.Name).Must(name => name.Trim() is { Length: > 0 and <= MaxName } && !name.Any(char.IsControl)).WithMessage(_ => TemplateText.NameInvalid);
        RuleFor(template => template.Text).Must(text => text.Trim() is { Length: > 0 and <= MaxText }).WithMessage(_ => TemplateText.TextInvalid);
    }
}

/// <summary>How an edit ended.</summary>
/// <param name="TemplateId">Null unless it was saved.</param>
/// <param name="Errors">By field; empty on success.</param>
public sealed record TemplateResult(long? TemplateId, IReadOnlyDictionary<string, string[]> Errors);
