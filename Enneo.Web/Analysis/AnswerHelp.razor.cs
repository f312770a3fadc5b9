using System.Data.Common;
using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Analysis;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Analysis;

/// <summary>What helps to answer the mail that waits: what it is about, a draft, and how similar mails were answered.</summary>
public sealed partial class AnswerHelp(AnalysisQueries queries, ModelHint hint, CurrentReach reach, BrowserTime time) : ComponentBase, IDisposable
{
    private const int FirstWords = 140;

    private readonly CancellationTokenSource _closed = new();
    private TicketAnalysis? _analysis;
    private TicketThread? _loaded;
    private bool _isHinted;

    /// <summary>Each time it is read anew, so is this.</summary>
    [Parameter, EditorRequired]
    public required TicketThread Thread { get; set; }

    [Parameter, EditorRequired]
    public required InboxPerson Person { get; set; }

    /// <summary>Whether a text can be put into the answer now.</summary>
    [Parameter]
    public bool MayUse { get; set; } = true;

    /// <summary>This text shall be the answer, to be edited.</summary>
    [Parameter]
    public EventCallback<string> Used { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded == Thread)
        {
            return;
        }

        var ticketId = Thread.Ticket.Id;
        (_analysis, _loaded) = (_loaded?.Ticket.Id == ticketId ? _analysis : null, Thread);
        if (Thread.Ticket.Place is not TicketPlace.Desk || Thread.Ticket.Status is TicketStatus.Closed)
        {
            _analysis = null;
            return;
        }

        try
        {
            var found = await queries.OfTicketAsync(await reach.NowAsync(_closed.Token), ticketId, _closed.Token);
            _analysis = ticketId == Thread.Ticket.Id ? found : _analysis;
            _isHinted = found is { IsModelUsed: false } && await hint.IsShownAsync(Person.Id, _closed.Token);
        }
        catch (Exception exception) when (exception is DbException or IOException or CorruptSourceException)
        {
            _analysis = null; // the conversation itself says what is wrong
        }
    }

    private async Task LeaveHintAsync()
    {
        await hint.LeaveAsync(Actor.User(Person.Id), _closed.Token);
        _isHinted = false;
    }

    private static string? Mood(Sentiment? sentiment) => sentiment switch
    {
        Sentiment.Positive => AnalysisWords.Positive,
        Sentiment.Negative => AnalysisWords.Negative,
        _ => null,
    };

    private static string First(string text) => text.Length > FirstWords ? text[..FirstWords] + "…" : text;

    private string Sources(TicketAnalysis analysis) => string.Join(
        ", ", analysis.Sources.Select(source => string.Format(CultureInfo.CurrentCulture, AnalysisWords.Source, source.Subject, time.ForThread(source.At))));
}
