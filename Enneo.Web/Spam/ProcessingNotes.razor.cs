using System.Data.Common;
using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Processing;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Spam;

/// <summary>What was done with the mails of a conversation as they came, and why; what failed can be tried again.</summary>
public sealed partial class ProcessingNotes(ProcessingQueries queries, AutomationRuns automations, TagQueries tags, ProcessingRetry retry, CurrentReach reach, BrowserTime time) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<ProcessedRun> _runs = [];
    private IReadOnlyList<AutomationRun> _automated = [];
    private IReadOnlyList<TagListing> _tags = [];
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

    /// <summary>What automations did on this way of the mail, in words: a later way repeats nothing.</summary>
    private List<string> Automated(ProcessedRun run)
    {
        var next = _runs.FirstOrDefault(later => later.MessageId == run.MessageId && later.Id > run.Id)?.CreatedAt ?? DateTimeOffset.MaxValue;
        return [.. _automated
            .Where(automated => automated.MessageId == run.MessageId && automated.AutomationId != AutomationRun.MailboxReply && automated.At >= run.CreatedAt && automated.At < next)
            .Select(automated => ProcessingWords.Of(automated, _tags))];
    }

    private async Task LoadAsync()
    {
        var ticketId = Thread.Ticket.Id;
        try
        {
            var seen = await reach.NowAsync(_closed.Token);
            var runs = await queries.OfTicketAsync(seen, ticketId, _closed.Token);
            var automated = await automations.OfTicketAsync(seen, ticketId, _closed.Token);
            _tags = automated.Count > 0 ? await tags.ListAsync(_closed.Token) : _tags;
            (_runs, _automated) = ticketId == Thread.Ticket.Id ? (runs, automated) : (_runs, _automated);
        }
        catch (DbException)
        {
            (_runs, _automated) = ([], []); // the conversation itself says what is wrong
        }
    }

    private async Task RetryAsync()
    {
        await retry.RunAsync(Thread.Ticket.Id, Actor.User(Person.Id), "web", _closed.Token);
        await LoadAsync();
    }
}
