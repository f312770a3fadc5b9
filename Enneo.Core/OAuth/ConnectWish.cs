namespace Enneo.Core.OAuth;

/// <summary>What somebody is about to sign in for.</summary>
/// <param name="Form">By which the form that waits finds the end; from that form.</param>
/// <param name="SessionId">Of the browser: nobody else can bring the answer back.</param>
/// <param name="MailboxId">Null for a mailbox that is not there yet.</param>
/// <param name="RedirectUri">An address of ours from the settings, never from the request.</param>
/// <param name="ProviderId">Who signs them in; null for Microsoft.</param>
public sealed record ConnectWish(string Address, string Form, string SessionId, long UserId, long? MailboxId, string RedirectUri, long? ProviderId = null)
{
    /// <summary>Whether the person says that it is a shared mailbox, for which they sign in as themselves; null for as it was before.</summary>
    public bool? IsShared { get; init; }

    /// <summary>Whom the login page proposes; null for nobody.</summary>
    internal string? Hint { get; init; }
}

/// <summary>How a sign-in began.</summary>
/// <param name="Login">The address of the provider's login; null when it could not be begun.</param>
/// <param name="Cause">Why not; null when the provider is not set up.</param>
public sealed record ConnectStart(Uri? Login, Cause? Cause);
