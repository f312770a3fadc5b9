using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity.Invitations;

/// <summary>What a link leads to.</summary>
public enum InvitationState
{
    /// <summary>There never was such a link, or a newer one took its place.</summary>
    Unknown,

    Open,
    Expired,
    Used,
    Withdrawn,
}

/// <summary>An invitation as the invited person finds it.</summary>
/// <param name="Email">Empty unless it is open; so <paramref name="DisplayName"/>.</param>
public sealed record InvitationOffer(InvitationState State, string Email = "", string DisplayName = "");

/// <summary>What somebody may do here who joins by an invitation.</summary>
/// <param name="Mailboxes">What they see, by name; all of them where they are an admin.</param>
public sealed record InvitationRights(string Role, IReadOnlyList<string> Mailboxes);

/// <summary>Somebody who has not joined yet, as the list of people shows them.</summary>
public sealed record InvitedPerson(
    long Id, string DisplayName, string Email, string Role, IReadOnlyList<long> MailboxIds, DateTimeOffset InvitedAt, DateTimeOffset ExpiresAt, bool IsExpired);

public sealed class InvitationQueries(IDbContextFactory<EnneoDbContext> dbFactory, TimeProvider clock)
{
    /// <returns>Those that wait, by name; none for anybody but admins.</returns>
    public async Task<IReadOnlyList<InvitedPerson>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (!(await Reaches.OfAsync(db, actor, cancellationToken)).IsAll)
        {
            return [];
        }

        var now = clock.GetUtcNow();
        return await db.Invitations.AsNoTracking()
            .Where(i => i.AcceptedAt == null && i.WithdrawnAt == null)
            .OrderBy(i => i.DisplayName).ThenBy(i => i.Email)
            .Select(i => new InvitedPerson(i.Id, i.DisplayName, i.Email, i.Role, i.MailboxIds, i.InvitedAt, i.ExpiresAt, i.ExpiresAt <= now))
            .ToListAsync(cancellationToken);
    }

    public async Task<InvitationOffer> FindAsync(string token, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var hash = InvitationToken.HashOf(token);
        var invitation = hash is null ? null : await db.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.TokenHash == hash, cancellationToken);
        var state = StateOf(invitation, clock.GetUtcNow());
        return state is InvitationState.Open ? new InvitationOffer(state, invitation!.Email, invitation.DisplayName) : new InvitationOffer(state);
    }

    /// <returns>Null unless it is open.</returns>
    public async Task<InvitationRights?> RightsAsync(string token, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var hash = InvitationToken.HashOf(token);
        if (hash is null || await db.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.TokenHash == hash, cancellationToken) is not { } invitation || StateOf(invitation, clock.GetUtcNow()) is not InvitationState.Open)
        {
            return null;
        }

        var ids = invitation.MailboxIds;
        var names = await db.Mailboxes.Where(m => ids.Contains(m.Id) && m.RemovedAt == null).OrderBy(m => m.Name).Select(m => m.Name).ToListAsync(cancellationToken);
        return new InvitationRights(invitation.Role, names);
    }

    internal static InvitationState StateOf(Invitation? invitation, DateTimeOffset now) => invitation switch
    {
        null => InvitationState.Unknown,
        { AcceptedAt: not null } => InvitationState.Used,
        { WithdrawnAt: not null } => InvitationState.Withdrawn,
        _ when invitation.ExpiresAt <= now => InvitationState.Expired,
        _ => InvitationState.Open,
    };
}
