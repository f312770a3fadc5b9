using System.Data.Common;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>Another conversation of the same mailbox is chosen: the newest are offered, words narrow them down.</summary>
public sealed partial class TicketPicker(TicketQueries queries, CurrentReach reach, InboxScript script, BrowserTime time) : ComponentBase, IDisposable
{
    private const int Shown = 20;

    private readonly CancellationTokenSource _closed = new();
    private ElementReference _dialog;
    private IReadOnlyList<TicketSummary>? _found;
    private string _words = "";
    private bool _problem;

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter, EditorRequired]
    public long MailboxId { get; set; }

    /// <summary>The conversation for which another one is chosen.</summary>
    [Parameter, EditorRequired]
    public long Except { get; set; }

    [Parameter]
    public EventCallback<TicketSummary> Chosen { get; set; }

    [Parameter]
    public EventCallback Cancelled { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override Task OnInitializedAsync() => SeekAsync("");

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await script.ShowModalAsync(_dialog);
        }
    }

    private async Task SeekAsync(string? words)
    {
        _words = words ?? "";
        var sought = _words;
        try
        {
            var found = await queries.FindByWordsAsync(await reach.NowAsync(_closed.Token), MailboxId, sought, Shown + 1, _closed.Token);
            if (sought == _words) // else more was typed meanwhile
            {
                _found = [.. found.Where(ticket => ticket.Id != Except).Take(Shown)];
                _problem = false;
            }
        }
        catch (DbException)
        {
            _problem = true;
        }
    }
}
