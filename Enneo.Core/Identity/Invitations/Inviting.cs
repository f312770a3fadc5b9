using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity.Invitations;

/// <summary>Whom an admin wants to invite.</summary>
/// <param name="MailboxIds">What an agent will see; null for all mailboxes there are.</param>
public sealed record NewInvitation(string Email, string DisplayName, string Role, IReadOnlyCollection<long>? MailboxIds = null);

/// <summary>A link that was just made: shown this once.</summary>
/// <param name="Token">What its address ends with.</param>
public sealed record InvitationLink(long InvitationId, string Token, string Email, string DisplayName, string Role, DateTimeOffset ExpiresAt);

/// <param name="Link">Null when it was refused.</param>
public sealed record InvitationResult(InvitationLink? Link, AccountField Field = AccountField.None, string? Problem = null)
{
    internal static InvitationResult Refused(AccountField field, string problem) => new(null, field, problem);
}

/// <summary>Invites people, by one-time links, and lets those in who follow them.</summary>
public sealed class Inviting(
    IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, Accounts accounts, PeopleLinks links, ILookupNormalizer normalizer, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public async Task<InvitationResult> InviteAsync(NewInvitation wanted, Actor actor, string origin, CancellationToken cancellationToken)
    {
        wanted = wanted with { Email = wanted.Email.Trim(), DisplayName = wanted.DisplayName.Trim() };
        if (Accounts.Refusal(wanted.Email, wanted.DisplayName, wanted.Role) is { Problem: { } problem } refusal)
        {
            return InvitationResult.Refused(refusal.Field, problem);
        }

        return await AsAdminAsync(actor, (db, token) => InviteAsync(db, wanted, actor, origin, token), cancellationToken);
    }

    /// <summary>Makes a new link, good for as long as the first one was; the old one leads nowhere from then on.</summary>
    public Task<InvitationResult> InviteAgainAsync(long invitationId, Actor actor, string origin, CancellationToken cancellationToken) => AsAdminAsync(
        actor,
        async (db, token) => await FindWaitingAsync(db, invitationId, token) is { } invitation
            ? await LinkAsync(db, invitation, actor, origin, token)
            : InvitationResult.Refused(AccountField.None, PeopleText.InvitationGone),
        cancellationToken);

    /// <returns>Why not, in words; null when its link leads nowhere any more.</returns>
    public async Task<string?> WithdrawAsync(long invitationId, Actor actor, string origin, CancellationToken cancellationToken) => (await AsAdminAsync(
        actor,
        async (db, token) =>
        {
            if (await FindWaitingAsync(db, invitationId, token) is not { } invitation)
            {
                return InvitationResult.Refused(AccountField.None, PeopleText.InvitationGone);
            }

            invitation.WithdrawnAt = clock.GetUtcNow();
            db.Activity.Add(ActivityEntry.Of(ActivityKind.InvitationWithdrawn, actor, origin, clock, changes: ("invitation", invitation.Id, null)));
            await db.SaveChangesAsync(token);
            return new InvitationResult(null);
        },
        cancellationToken)).Problem;

    /// <summary>Lets in whoever has the link, under the invited address. The link has then been used.</summary>
    /// <param name="displayName">Empty for the name in the invitation.</param>
    public async Task<AccountResult> AcceptAsync(string token, string displayName, string password, string origin, CancellationToken cancellationToken)
    {
        if (InvitationToken.HashOf(token) is not { } hash || await FindOpenAsync(hash, cancellationToken) is not { } offered)
        {
            return AccountResult.Refused(AccountField.None, PeopleText.InvitationGone);
        }

        var name = displayName.Trim() is { Length: > 0 } chosen ? chosen : offered.DisplayName;
        NewAccount account = new(offered.Email, name, offered.Role, password, offered.MailboxIds);
        if (Accounts.Refusal(account) is { } refusal)
        {
            return refusal;
        }

        var user = accounts.NewUser(account); // hashing is slow on purpose: not in the lane
        return await lane.RunAsync((db, stop) => LetInAsync(db, hash, user, account, origin, stop), cancellationToken);
    }

    /// <summary>The same for somebody who signed in at Microsoft in place of choosing a password: that account is bound at this moment, and opens ours from then on.</summary>
    public async Task<AccountResult> AcceptAsync(string token, MicrosoftPerson person, string origin, CancellationToken cancellationToken)
    {
        if (InvitationToken.HashOf(token) is not { } hash || await FindOpenAsync(hash, cancellationToken) is not { } offered)
        {
            return AccountResult.Refused(AccountField.None, PeopleText.InvitationGone);
        }

        NewAccount account = new(offered.Email, offered.DisplayName, offered.Role, Password: "", offered.MailboxIds);
        var user = accounts.NewUserWithoutPassword(account);
        return await lane.RunAsync(
            async (db, stop) =>
            {
                if (await PeopleLinks.IsSomebodyAsync(db, person, stop))
                {
                    return AccountResult.Refused(AccountField.None, PeopleText.MicrosoftTaken);
                }

                var added = await LetInAsync(db, hash, user, account, origin, stop);
                if (added.UserId is { } userId)
                {
                    await links.LinkAsync(db, userId, person, Actor.System, origin, stop);
                }

                return added;
            },
            cancellationToken);
    }

    private async Task<AccountResult> LetInAsync(EnneoDbContext db, string hash, User user, NewAccount account, string origin, CancellationToken cancellationToken)
    {
        var invitation = await db.Invitations.SingleOrDefaultAsync(i => i.TokenHash == hash, cancellationToken);
        if (invitation is null || InvitationQueries.StateOf(invitation, clock.GetUtcNow()) is not InvitationState.Open)
        {
            return AccountResult.Refused(AccountField.None, PeopleText.InvitationGone); // used or withdrawn meanwhile
        }

        var added = await accounts.AddAsync(db, user, account, Actor.System, origin, cancellationToken);
        invitation.AcceptedAt = added.Succeeded ? clock.GetUtcNow() : null;
        await db.SaveChangesAsync(cancellationToken);
        return added;
    }

    private async Task<Invitation?> FindOpenAsync(string hash, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var invitation = await db.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.TokenHash == hash, cancellationToken);
        return InvitationQueries.StateOf(invitation, clock.GetUtcNow()) is InvitationState.Open ? invitation : null;
    }

    private Task<InvitationResult> AsAdminAsync(
        Actor actor, Func<EnneoDbContext, CancellationToken, Task<InvitationResult>> work, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) => (await Reaches.OfAsync(db, actor, token)).IsAll
            ? await work(db, token)
            : InvitationResult.Refused(AccountField.None, PeopleText.OnlyAdmins),
        cancellationToken);

    private async Task<InvitationResult> InviteAsync(EnneoDbContext db, NewInvitation wanted, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var normalized = normalizer.NormalizeEmail(wanted.Email);
        if (await db.Users.AnyAsync(u => u.NormalizedEmail == normalized, cancellationToken))
        {
            return InvitationResult.Refused(AccountField.Email, PeopleText.EmailTaken);
        }

        if (await db.Invitations.AnyAsync(i => i.NormalizedEmail == normalized && i.AcceptedAt == null && i.WithdrawnAt == null, cancellationToken))
        {
            return InvitationResult.Refused(AccountField.Email, PeopleText.InvitedAlready);
        }

        Invitation invitation = new()
        {
            Email = wanted.Email,
            NormalizedEmail = normalized,
            DisplayName = wanted.DisplayName.Length > 0 ? wanted.DisplayName : wanted.Email[..wanted.Email.LastIndexOf('@')],
            Role = wanted.Role,
            MailboxIds = wanted.MailboxIds is { } ids ? [.. ids.Distinct().Order()] : await Grants.AllAsync(db, cancellationToken),
            TokenHash = "",
            InvitedAt = clock.GetUtcNow(),
            ExpiresAt = clock.GetUtcNow(),
        };
        db.Invitations.Add(invitation);
        return await LinkAsync(db, invitation, actor, origin, cancellationToken);
    }

    private async Task<InvitationResult> LinkAsync(EnneoDbContext db, Invitation invitation, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var link = InvitationToken.New();
        invitation.TokenHash = InvitationToken.HashOf(link)!;
        (invitation.InvitedAt, invitation.ExpiresAt) = (clock.GetUtcNow(), clock.GetUtcNow() + Lifetime);
        await db.SaveChangesAsync(cancellationToken); // gives it its id
        db.Activity.Add(ActivityEntry.Of(
            ActivityKind.UserInvited, actor, origin, clock, changes: [("invitation", null, invitation.Id), ("role", null, invitation.Role), ("mailboxes", null, invitation.MailboxIds)]));
        await db.SaveChangesAsync(cancellationToken);
        return new InvitationResult(new InvitationLink(invitation.Id, link, invitation.Email, invitation.DisplayName, invitation.Role, invitation.ExpiresAt));
    }

    private static Task<Invitation?> FindWaitingAsync(EnneoDbContext db, long invitationId, CancellationToken cancellationToken) =>
        db.Invitations.SingleOrDefaultAsync(i => i.Id == invitationId && i.AcceptedAt == null && i.WithdrawnAt == null, cancellationToken);
}
