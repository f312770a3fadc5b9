using MailKit.Security;

namespace Enneo.Core.Connections;

/// <summary>XOAUTH2 in two steps, as Microsoft describes it for SMTP: a token of 2 KB is too long for the line of the command (RFC 4954, section 4).</summary>
internal sealed class BearerSignIn(MailCredential credential) : SaslMechanismOAuth2(credential.User, credential.Password)
{
    public override bool SupportsInitialResponse => false;
}
