using System.Data.Common;
using Enneo.Core.Messages;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Spam;

/// <summary>Says of a conversation that is spam, or that looks like it, who says so and why, and lets a person decide.</summary>
public sealed partial class SpamNotice(SpamQueries queries, CurrentReach reach, InboxActions actions) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<SpamFinding> _findings = [];
    private TicketThread? _loaded;
    private bool _open;

    /// <summary>Each time it is read anew, so is this.</summary>
    [Parameter, EditorRequired]
    public required TicketThread Thread { get; set; }

    private SpamStatus? Status => Thread.Ticket.SpamStatus;

    private bool IsSpam => Status.IsSpam();

    /// <summary>Of a spam ticket what said so; of another one what makes its newest mail suspicious. What a person said needs no reason.</summary>
    private SpamFinding? Shown => IsSpam ? _findings.LastOrDefault(finding => finding.IsSpam == true)
        : Status.IsManual() ? null
        : _findings is [.., { IsSuspicious: true } last] ? last
        : null;

    private string Because => Status switch
    {
        SpamStatus.ManualSpam => SpamText.BySomebody,
        _ when Shown is { } finding => SpamWords.Of(finding),
        _ => SpamText.ByOtherClient,
    };

    private string? Sender => Thread.Messages.LastOrDefault(message => message.Direction is MessageDirection.In)?.FromAddress is { Length: > 0 } address ? address : null;

    private bool HasMore => Shown is { } finding && (finding.Evidence.Length > 0 || finding.Reasons.Count > 0);

    private List<string> For => [.. Shown!.Reasons.Where(reason => reason.Weight > 0).Select(SpamWords.Of).OfType<string>().Distinct()];

    private List<string> Against => [.. Shown!.Reasons.Where(reason => reason.Weight < 0).Select(SpamWords.Of).OfType<string>().Distinct()];

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

        _open = _open && _loaded?.Ticket.Id == Thread.Ticket.Id;
        _loaded = Thread;
        var ticketId = Thread.Ticket.Id;
        try
        {
            var findings = await queries.OfTicketAsync(await reach.NowAsync(_closed.Token), ticketId, _closed.Token);
            _findings = ticketId == Thread.Ticket.Id ? findings : _findings;
        }
        catch (DbException)
        {
            _findings = []; // the conversation itself says what is wrong
        }
    }
}
