using System.Data.Common;
using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Messages;
using Enneo.Core.Messages.Authentication;
using Enneo.Core.Messages.Images;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>A message within its conversation: one line while folded, else with its body in a frame of its own.</summary>
public sealed partial class MessageView(MessageReader reader, CurrentReach reach, MailHtml mailHtml, ImageTrust imageTrust, BrowserTime time) : ComponentBase, IDisposable
{
    private const int ShownRecipients = 6;
    private const string Origin = "web";

    private readonly CancellationTokenSource _closed = new();
    private MessageContent? _content;
    private RemoteImageState? _images;
    private bool _showsImages;
    private bool _failed;
    private bool _showsHeaders;

    [Parameter, EditorRequired]
    public required ThreadMessage Message { get; set; }

    /// <summary>The conversation it is in.</summary>
    [Parameter, EditorRequired]
    public long TicketId { get; set; }

    [Parameter, EditorRequired]
    public required InboxPerson Person { get; set; }

    [Parameter]
    public bool Expanded { get; set; }

    /// <summary>A search led to it.</summary>
    [Parameter]
    public bool Sought { get; set; }

    [Parameter]
    public EventCallback Toggled { get; set; }

    /// <summary>It was in view long enough, or its reader says so.</summary>
    [Parameter]
    public EventCallback Seen { get; set; }

    /// <summary>When it was changed last, and by whom; notes only.</summary>
    [Parameter]
    public ActivityEntry? Change { get; set; }

    [CascadingParameter]
    public InboxDirectory Directory { get; set; } = InboxDirectory.Empty;

    [Parameter]
    public bool MayForward { get; set; }

    /// <summary>This one shall go on to somebody.</summary>
    [Parameter]
    public EventCallback Forwarded { get; set; }

    /// <summary>What can be done with its place in the conversation.</summary>
    [Parameter]
    public RenderFragment? Menu { get; set; }

    /// <summary>What stands below it: how its delivery goes.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private string Sender => Message switch
    {
        { FromName.Length: > 0 } => Message.FromName,
        { FromAddress.Length: > 0 } => Message.FromAddress,
        _ => InboxText.UnknownSender,
    };

    private string Initials => PersonInitials.Of(Sender);

    private string Iso => Message.ReceivedAt.ToString("O", CultureInfo.InvariantCulture);

    private bool Unread => Message is { IsSeen: false, Direction: MessageDirection.In };

    private string? Unreadable => Message.Unreadable ?? _content?.Unreadable;

    private string? NoteClass => Message.IsNote ? "note" : null;

    private string Recipients => Message.IsNote ? InboxText.InternalNote : string.Format(CultureInfo.CurrentCulture, InboxText.To, Names(Message.To))
        + (Message.Cc.Count > 0 ? " · " + string.Format(CultureInfo.CurrentCulture, InboxText.Cc, Names(Message.Cc)) : "");

    private List<MessagePart>? Attachments => _content?.Parts.Where(part => !part.IsInline).ToList();

    private string? Chip => Message.Automatic switch
    {
        AutomaticKind.AutoReply => InboxText.AutomaticReply,
        AutomaticKind.Bounce => InboxText.DeliveryReport,
        AutomaticKind.Bulk => InboxText.MailingList,
        _ => null,
    };

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if ((Expanded || Message.Automatic is AutomaticKind.Bounce) && _content is null && !_failed && Message.Unreadable is null)
        {
            await LoadAsync();
        }
    }

    /// <summary>Trust in a sender does not extend to mail that may be somebody else's.</summary>
    private async Task<RemoteImageState> CountImagesAsync(string html)
    {
        var count = mailHtml.Sanitize(html, _ => null).BlockedRemoteImages;
        var drawnBehind = count == 0 ? 0 : mailHtml.Sanitize(html, new MailView(_ => null) { RemoteImage = _ => "/" }).BlockedRemoteImages;
        var mayBeTrusted = Message.FromAddress.Length > 0 && _content?.Authentication is not { Check: SenderCheck.MayBeForged };
        return new(count, drawnBehind, mayBeTrusted, count > 0 && mayBeTrusted && await imageTrust.IsTrustedAsync(Message.FromAddress, _closed.Token));
    }

    private void ShowImages() => _showsImages = true;

    private async Task TrustAsync(bool isTrusted)
    {
        await imageTrust.SetAsync(Message.Id, isTrusted, Actor.User(Person.Id), Origin, _closed.Token);
        (_images, _showsImages) = (_images! with { IsTrusted = isTrusted }, isTrusted);
    }

    /// <summary>Such as "edited 14:02", and by whom where that is somebody else.</summary>
    private string ChangedWords(ActivityEntry change) => change.ActorUserId != Message.AuthorId && Directory.NameOf(change.ActorUserId) is { } name
        ? string.Format(CultureInfo.CurrentCulture, InboxText.EditedBy, time.ForThread(change.At), name)
        : string.Format(CultureInfo.CurrentCulture, InboxText.EditedAt, time.ForThread(change.At));

    private static string Names(IReadOnlyList<MailAddress> addresses) => addresses.Count == 0
        ? InboxText.Nobody
        : addresses.Count <= ShownRecipients
            ? Joined(addresses)
            : string.Format(CultureInfo.CurrentCulture, InboxText.AndMore, Joined(addresses.Take(ShownRecipients)), addresses.Count - ShownRecipients);

    private static string Joined(IEnumerable<MailAddress> addresses) =>
        string.Join(", ", addresses.Select(address => address.Name.Length > 0 ? address.Name : address.Address));

    private async Task LoadAsync()
    {
        _failed = false;
        try
        {
            _content = await reader.FindAsync(await reach.NowAsync(_closed.Token), Message.Id, _closed.Token);
            _images = _content?.Html is { } html ? await CountImagesAsync(html) : null;
            _showsImages = _images is { IsTrusted: true };
        }
        catch (Exception exception) when (exception is DbException or IOException or CorruptSourceException)
        {
            _failed = true;
        }
    }
}
