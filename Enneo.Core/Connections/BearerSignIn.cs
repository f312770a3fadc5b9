using MailKit.Security;

namespace Enneo.Core.Connections;

/// <summary>
/// Signing in by a token in two steps, as Microsoft describes it for SMTP: a token of 2 KB is too long for the line of the command
/// (RFC 4954, section 4).
/// </summary>
internal static class BearerSignIn
{
    public static SaslMechanism Of(MailCredential credential, TokenMechanism mechanism) =>
        mechanism is TokenMechanism.OAuthBearer ? new Standard(credential) : new Usual(credential);

    private sealed class Usual(MailCredential credential) : SaslMechanismOAuth2(credential.User, credential.Password)
    {
        public override bool SupportsInitialResponse => false;
    }

    private sealed class Standard(MailCredential credential) : SaslMechanismOAuthBearer(credential.User, credential.Password)
    {
        public override bool SupportsInitialResponse => false;
    }
}
