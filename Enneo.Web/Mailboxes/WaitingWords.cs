using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;

namespace Enneo.Web.Mailboxes;

/// <summary>Changes that the mail server does not know, in words.</summary>
internal static class WaitingWords
{
    /// <summary>What was done here: "moved to Archive".</summary>
    public static string Done(WaitingChange change) => change.Kind switch
    {
        ServerChangeKind.Seen => change.Value ? AccountsText.ChangedRead : AccountsText.ChangedUnread,
        ServerChangeKind.Flagged => change.Value ? AccountsText.ChangedStarred : AccountsText.ChangedUnstarred,
        ServerChangeKind.Move => AccountWords.Text(AccountsText.ChangedMoved, change.Folder ?? AccountsText.ChangedFolderGone),
        _ => AccountsText.ChangedErased,
    };

    /// <summary>What the server would be told: "would move 2 messages".</summary>
    public static IEnumerable<string> Would(WaitingInMailbox waiting)
    {
        foreach (var (kind, count) in waiting.Changes.OrderBy(pair => pair.Key))
        {
            yield return AccountWords.Text(
                kind switch
                {
                    ServerChangeKind.Seen => count == 1 ? AccountsText.WouldMarkOne : AccountsText.WouldMark,
                    ServerChangeKind.Flagged => count == 1 ? AccountsText.WouldStarOne : AccountsText.WouldStar,
                    ServerChangeKind.Move => count == 1 ? AccountsText.WouldMoveOne : AccountsText.WouldMove,
                    _ => count == 1 ? AccountsText.WouldEraseOne : AccountsText.WouldErase,
                },
                AccountWords.Count(count));
        }
    }
}
