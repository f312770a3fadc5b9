using Enneo.Core.Messages;
using Enneo.Core.Sending;

namespace Enneo.Web.Inbox;

/// <summary>From and to whom a mail goes.</summary>
public sealed record MailHead(SenderChoice From, IReadOnlyList<MailAddress> To, IReadOnlyList<MailAddress> Cc, IReadOnlyList<MailAddress> Bcc)
{
    public bool HasNobody => To.Count + Cc.Count + Bcc.Count == 0;

    public static MailHead Of(DraftView draft) => new(new SenderChoice(draft.MailboxId, draft.From), draft.To, draft.Cc, draft.Bcc);
}
