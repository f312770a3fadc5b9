using System.Globalization;
using Enneo.Core.Search;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox.Search;

/// <summary>A conversation that was found: a link, with what was looked for marked.</summary>
public sealed partial class SearchRow(BrowserTime time) : ComponentBase
{
    [Parameter, EditorRequired]
    public required SearchHit Hit { get; set; }

    [Parameter, EditorRequired]
    public required string Href { get; set; }

    [Parameter]
    public bool Selected { get; set; }

    /// <summary>Which mailbox it lies in, where several are searched.</summary>
    [Parameter]
    public string? MailboxName { get; set; }

    private string MatchesWords => string.Format(CultureInfo.CurrentCulture, SearchWords.Matches, Hit.Matches);
}
