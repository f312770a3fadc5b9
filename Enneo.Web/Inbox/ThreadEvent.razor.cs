using System.Globalization;
using Enneo.Core.Messages;
using Enneo.Core.Messages.Bounces;
using Enneo.Core.Tickets;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>A bounce or an automatic reply, told in a line.</summary>
public sealed partial class ThreadEvent(BrowserTime time) : ComponentBase
{
    [Parameter, EditorRequired]
    public required ThreadMessage Message { get; set; }

    /// <summary>Of a bounce: whom it did not reach.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<FailedDelivery> Failures { get; set; }

    [Parameter, EditorRequired]
    public required string Sender { get; set; }

    [Parameter]
    public EventCallback Toggled { get; set; }

    [Parameter]
    public EventCallback Seen { get; set; }

    private bool Unread => Message is { IsSeen: false, Direction: MessageDirection.In };

    private bool IsBad => Message.Automatic == AutomaticKind.Bounce && !Failures.Any(failure => failure.Reason is FailureReason.Delayed);

    private string Words => Message.Automatic == AutomaticKind.AutoReply
        ? Filled(InboxText.AutomaticReplyOf, Sender, Message.Snippet)
        : FailureWords.Of(Failures);

    private static string Filled(string words, params object[] values) => string.Format(CultureInfo.CurrentCulture, words, values);
}
