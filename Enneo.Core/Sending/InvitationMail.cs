using System.Globalization;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>
/// Sends a link from the default mailbox; if it fails, whoever invites passes the link on. Links that make admins are
/// never sent: some servers keep a copy where everybody who sees the mailbox could take it.
/// </summary>
public sealed class InvitationMail(OwnMail mail)
{
    /// <param name="address">Of the page that the link leads to.</param>
    public async Task<OwnMailResult> SendAsync(InvitationLink link, Uri address, CancellationToken cancellationToken)
    {
        if (link.Role == Roles.Admin)
        {
            return new(null, SendingText.InvitationOfAdmin);
        }

        var until = link.ExpiresAt.ToString("d MMMM yyyy", CultureInfo.CurrentCulture);
        var text = string.Format(CultureInfo.CurrentCulture, SendingText.InvitationBody, OneLine.Of(link.DisplayName, 200), address, until);
        return await mail.SendAsync(new MailAddress(link.DisplayName, link.Email), SendingText.InvitationSubject, text, cancellationToken);
    }
}
