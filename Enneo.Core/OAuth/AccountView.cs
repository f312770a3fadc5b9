namespace Enneo.Core.OAuth;

/// <summary>A connected account as it is shown: never its tokens.</summary>
/// <param name="ProviderId">Null for Microsoft.</param>
/// <param name="IsOther">The person is not the mailbox: <paramref name="IsShared"/> says whether somebody confirmed that it is a shared one.</param>
/// <param name="IsPersonal">A private account at Microsoft, of which there are no shared mailboxes.</param>
/// <param name="Cause">What is wrong; null when nothing is.</param>
public sealed record AccountView(
    long Id, long? ProviderId, long? MailboxId, string Address, string ConnectedAs, DateTimeOffset ConnectedAt, DateTimeOffset ValidUntil, bool IsOther, bool IsShared, bool IsApplication, bool IsPersonal, Cause? Cause)
{
    /// <summary>Whoever signed in is the mailbox, or may use it as a shared one.</summary>
    public bool IsUsable => !IsOther || IsShared;

    /// <param name="needs">Of its mailbox; null for all that there are.</param>
    internal static AccountView Of(ConnectedAccount account, TokenNeeds? needs = null) => new(
        account.Id, account.ProviderId, account.MailboxId, account.Address, account.ConnectedAs, account.ConnectedAt, account.ValidUntil, account.IsOther, account.IsShared, account.IsApplication, account.TenantId == ConnectedAccount.PersonalTenant,
        (needs ?? new TokenNeeds(Mail: true, Graph: true)).ProblemOf(account) is { } problem ? Causes.Of(problem) : null);
}

/// <summary>Where a sign-in that a form waits for has come to.</summary>
/// <param name="Account">What it brought; null while it runs and when it was refused.</param>
/// <param name="Cause">Why it was refused.</param>
public sealed record ConnectProgress(bool HasEnded, AccountView? Account, Cause? Cause);
