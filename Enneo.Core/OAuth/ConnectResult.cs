namespace Enneo.Core.OAuth;

public enum ConnectEnd
{
    Connected,

    /// <summary>An administrator agreed for everybody.</summary>
    ConsentGiven,
    Refused,

    /// <summary>Nobody of this session is expected back with that, or not any more.</summary>
    NotExpected,
}

/// <summary>How a sign-in at a provider ended.</summary>
/// <param name="Cause">Why it was refused.</param>
/// <param name="MailboxId">The mailbox that it was for, if there was one.</param>
public sealed record ConnectResult(ConnectEnd End, AccountView? Account = null, Cause? Cause = null, long? MailboxId = null);
