namespace Enneo.Web.Inbox;

/// <summary>The colour by which a mailbox is recognised; always beside its name.</summary>
internal static class MailboxColour
{
    private static readonly string[] s_colours = ["#3b7ddd", "#2f9e6b", "#c77700", "#9353c9", "#0f94a8", "#c2467f", "#6b7f1f", "#7a6a58"];

    public static string Of(long mailboxId) => s_colours[mailboxId % s_colours.Length];
}
