using System.Data.Common;
using Enneo.Core.Activity;
using Enneo.Core.Processing;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Spam;

/// <summary>What was done with the mails of a conversation as they came, and why; what failed can be tried again.</summary>
public sealed partial class ProcessingNotes(ProcessingQueries queries, ProcessingRetry retry, CurrentReach reach, BrowserTime time) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<ProcessedRun> _runs = [];
    private TicketThread? _loaded;

    /// <summary>Each time it is read anew, so is this.</summary>
    [Parameter, EditorRequired]
    public required TicketThread Thread { get; set; }

    [Parameter, EditorRequired]
    public required InboxPerson Person { get; set; }

    /// <summary>Of the last time that each mail was processed.</summary>
    private bool HasFailed => _runs.GroupBy(run => run.MessageId).Any(runs => runs.Last() is { IsFinished: true } last && last.Records.Any(record => record.Outcome is StepOutcome.Failed));

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded != Thread)
        {
            _loaded = Thread;
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        var ticketId = Thread.Ticket.Id;
        try
        {
            var runs = await queries.OfTicketAsync(await reach.NowAsync(_closed.Token), ticketId, _closed.Token);
            _runs = ticketId == Thread.Ticket.Id ? runs : _runs;
        }
        catch (DbException)
        {
            _runs = []; // the conversation itself says what is wrong
        }
    }

    private async Task RetryAsync()
    {
        await retry.RunAsync(Thread.Ticket.Id, Actor.User(Person.Id), "web", _closed.Token);
        await LoadAsync();
    }
}
