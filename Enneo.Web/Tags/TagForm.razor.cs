using System.Globalization;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tags;
using Enneo.Core.Tags.Detection;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Tags;

/// <summary>All that can be said of a tag.</summary>
public sealed partial class TagForm : ComponentBase
{
    private bool _deleting;
    private string _typed = "";

    [Parameter, EditorRequired]
    public required TagDraft Draft { get; set; }

    /// <summary>Null for one that is new.</summary>
    [Parameter]
    public long? TagId { get; set; }

    /// <summary>What it is called now, to be typed before it is deleted.</summary>
    [Parameter]
    public string? Name { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<TagListing> Tags { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<MailboxListing> Mailboxes { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<Person> People { get; set; }

    /// <summary>By field.</summary>
    [Parameter]
    public IReadOnlyDictionary<string, string[]> Problems { get; set; } = new Dictionary<string, string[]>();

    /// <summary>How far its model is.</summary>
    [Parameter]
    public TagModelState? Model { get; set; }

    [Parameter]
    public TrialResult? Trial { get; set; }

    [Parameter]
    public bool Busy { get; set; }

    [Parameter]
    public EventCallback<TagDraft> OnSave { get; set; }

    /// <summary>What its conditions would have matched.</summary>
    [Parameter]
    public EventCallback<TagDraft> OnTry { get; set; }

    [Parameter]
    public EventCallback OnDelete { get; set; }

    private string DeleteWords => Say(TagsText.DeleteByName, Name);

    private string ModelWords => Model switch
    {
        null => Say(TagsText.ModelMissing, TagModelState.Needed),
        { Missing: > 0 } model => Say(TagsText.ModelMissing, model.Missing),
        { IsSilent: true } model => Say(TagsText.ModelUnsure, Percent(model.Precision), Percent(TagModelState.NeededPrecision)),
        var model => Say(TagsText.ModelReady, model.Examples, Percent(model.Precision)),
    };

    private static string Percent(double? share) => (share ?? 0).ToString("P0", CultureInfo.CurrentCulture);

    private static IReadOnlyCollection<long> With(IReadOnlyCollection<long> ids, long id, bool isChosen) => isChosen ? [.. ids, id] : [.. ids.Where(other => other != id)];

    private static string Say(string text, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, text, values);

    private string[]? Errors(string field) => Problems.FirstOrDefault(problem => problem.Key == field || problem.Key.StartsWith(field + ".", StringComparison.Ordinal)).Value;
}
