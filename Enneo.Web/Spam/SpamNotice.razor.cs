using System.Data.Common;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Spam;

/// <summary>Says of a conversation that is spam, or that looks like it, who says so and why, and lets a person decide.</summary>
public sealed partial class SpamNotice(SpamQueries queries, DmarcExceptions exceptions, Unsubscribing unsubscribing, CurrentReach reach, InboxActions actions) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<SpamFinding> _findings = [];
    private DmarcPin? _pin;
    private UnsubscribeOffer? _unsubscribe;
    private TicketThread? _loaded;
    private bool _open;

    [CascadingParameter]
    public InboxDirectory Directory { get; set; } = InboxDirectory.Empty;

    /// <summary>Each time it is read anew, so is this.</summary>
    [Parameter, EditorRequired]
    public required TicketThread Thread { get; set; }

    private SpamStatus? Status => Thread.Ticket.SpamStatus;

    private bool IsSpam => Status.IsSpam();

    /// <summary>It is known as mass mail, and its mailbox does not hide that.</summary>
    private bool IsMassMail => !IsSpam && Shown is { Stage: SpamStage.Header };

    /// <summary>Of a spam ticket what said so; of another one what makes its newest mail suspicious, or mass mail. What a person said needs no reason.</summary>
    private SpamFinding? Shown => IsSpam ? _findings.LastOrDefault(finding => finding.IsSpam == true)
        : Status.IsManual() ? null
        : _findings is [.., { IsSuspicious: true } or { Stage: SpamStage.Header, IsSpam: false }] ? _findings[^1]
        : null;

    private string Heading => IsSpam ? SpamText.IsSpam : IsMassMail ? SpamText.MassMail : SpamText.Suspicious;

    private string Because => Status switch
    {
        SpamStatus.ManualSpam => SpamText.BySomebody,
        _ when Shown is { } finding => SpamWords.Of(finding),
        _ => SpamText.ByOtherClient,
    };

    private string? Sender => Thread.Messages.LastOrDefault(message => message.Direction is MessageDirection.In)?.FromAddress is { Length: > 0 } address ? address : null;

    /// <summary>Null where others write from there as well, ourselves among them.</summary>
    private string? Domain => Sender is { } sender ? SenderDomain.Find(sender, Directory.OwnDomains) : null;

    private string? AloneWords => Domain is not null ? null : SenderDomain.Find(Sender!) is null ? SpamText.SharedDomain : SpamText.OwnDomain;

    private string? Opinion => Shown is { } finding ? SpamWords.Opinion(finding) : null;

    private bool HasMore => Shown is { } finding && (finding.Evidence.Length > 0 || finding.Reasons.Count > 0 || Opinion is not null);

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
        var thread = Thread;
        try
        {
            var seen = await reach.NowAsync(_closed.Token);
            var findings = await queries.OfTicketAsync(seen, thread.Ticket.Id, _closed.Token);
            if (thread == Thread) // somebody may have gone on to another one meanwhile
            {
                (_findings, _pin, _unsubscribe) = (findings, null, null);
                await OfferAsync(seen, thread);
            }
        }
        catch (DbException)
        {
            (_findings, _pin, _unsubscribe) = ([], null, null); // the conversation itself says what is wrong
        }
    }

    /// <summary>What takes a look at the mail itself comes a moment later.</summary>
    private async Task OfferAsync(Reach seen, TicketThread thread)
    {
        var (pin, unsubscribe) = Shown?.Rule switch
        {
            HeaderRule.Dmarc => (await exceptions.FindOfferAsync(seen, thread.Ticket.Id, _closed.Token), null),
            HeaderRule.Bulk => (null, await unsubscribing.FindOfferAsync(seen, thread.Ticket.Id, _closed.Token)),
            _ => ((DmarcPin?)null, (UnsubscribeOffer?)null),
        };
        if (thread == Thread)
        {
            (_pin, _unsubscribe) = (pin, unsubscribe);
        }
    }
}
