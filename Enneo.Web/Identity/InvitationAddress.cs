using Enneo.Web.Shell;

namespace Enneo.Web.Identity;

/// <summary>The whole address of an invitation, as it is passed on to people who are not here yet.</summary>
internal static class InvitationAddress
{
    /// <param name="root">Where whoever invites reached this server.</param>
    public static Uri Of(Uri root, string token) => new(root, Urls.Invitation(token));
}
