using System.Linq.Expressions;
using System.Security.Cryptography;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity.Factors;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity;

/// <summary>From where a person signs in.</summary>
/// <param name="Device">The browser and its system, in words.</param>
/// <param name="Address">Its network address, where it is known.</param>
public sealed record SignInPlace(string Device, string? Address);

/// <summary>Whether the cookie of a session still lets somebody in.</summary>
public enum SessionState
{
    /// <summary>Signed out, ended from elsewhere, too old, or the account is no longer what it was.</summary>
    Ended,

    /// <summary>The person must set up a second step before anything else opens.</summary>
    NeedsSecondStep,
    Alive,
}

/// <summary>
/// Who is signed in where. A session is a row: once it is gone, a cookie copied earlier is worth nothing, not even
/// after a restart. A new security stamp of the person ends all of theirs.
/// </summary>
public sealed class Sessions(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    /// <summary>How long a session lasts that nobody uses.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromDays(7);

    /// <summary>How long one lasts that is used every day.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(30);

    /// <summary>How long a proof is good for changing passwords and factors.</summary>
    public static readonly TimeSpan ProofTime = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_seenPrecision = TimeSpan.FromMinutes(5);

    /// <returns>The id for the cookie; null when the account is gone or disabled.</returns>
    public async Task<string?> StartAsync(long userId, SignInMethod method, SignInPlace place, string origin, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var id = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        return await lane.RunAsync(async (db, token) =>
        {
            if (!await db.Users.AnyAsync(u => u.Id == userId && u.DisabledAt == null, token))
            {
                return null;
            }

            await db.Sessions.Where(s => s.LastSeenAt < now - IdleTime || s.StartedAt < now - LongestTime).ExecuteDeleteAsync(token);
            db.Sessions.Add(new Session
            {
                Id = id,
                UserId = userId,
                StartedAt = now,
                Method = method,
                Device = place.Device,
                Address = place.Address,
                LastSeenAt = now,
                ProvenAt = method is SignInMethod.Microsoft ? DateTimeOffset.UnixEpoch : now, // who was signed in there already gave no proof
            });
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.UserSignedIn, Actor.User(userId, place.Address), origin, clock, changes: [("user", null, userId), ("method", null, method.ToString())]));
            await db.SaveChangesAsync(token);
            return id;
        }, cancellationToken);
    }

    public async Task<SessionState> CheckAsync(long userId, string securityStamp, string sessionId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return (await FindAsync(db, userId, securityStamp, sessionId, cancellationToken)).State;
    }

    /// <summary>As <see cref="CheckAsync"/>, and notes now and then that the session is used.</summary>
    public async Task<SessionState> UseAsync(
        long userId, string securityStamp, string sessionId, string? address, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var (state, lastSeenAt) = await FindAsync(db, userId, securityStamp, sessionId, cancellationToken);
        if (state != SessionState.Ended && now - lastSeenAt > s_seenPrecision)
        {
            await lane.RunAsync(
                (writing, token) => writing.Sessions.Where(s => s.Id == sessionId)
                    .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now).SetProperty(s => s.Address, address), token),
                cancellationToken);
        }

        return state;
    }

    /// <summary>The person gave a proof again, within a session that goes on.</summary>
    public Task NoteProofAsync(string sessionId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return lane.RunAsync(
            (db, token) => db.Sessions.Where(s => s.Id == sessionId).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvenAt, now), token),
            cancellationToken);
    }

    /// <summary>Whether the person gave a proof within the last minutes.</summary>
    public async Task<bool> IsProvenAsync(string sessionId, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - ProofTime;
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Sessions.AnyAsync(s => s.Id == sessionId && s.ProvenAt >= since, cancellationToken);
    }

    /// <summary>Where a person is signed in, the latest first.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(long userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Sessions.AsNoTracking()
            .Where(s => s.UserId == userId && s.LastSeenAt >= now - IdleTime && s.StartedAt >= now - LongestTime)
            .OrderByDescending(s => s.LastSeenAt).ThenByDescending(s => s.StartedAt)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The person leaves this browser.</summary>
    public Task SignOutAsync(long userId, string sessionId, string? address, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync(async (db, token) =>
        {
            if (await db.Sessions.Where(s => s.Id == sessionId && s.UserId == userId).ExecuteDeleteAsync(token) > 0)
            {
                db.Activity.Add(ActivityEntry.Of(
                    ActivityKind.UserSignedOut, Actor.User(userId, address), origin, clock, changes: ("user", null, userId)));
                await db.SaveChangesAsync(token);
            }
        }, cancellationToken);

    /// <summary>Ends one session of a person from elsewhere.</summary>
    public Task<int> EndAsync(long userId, string sessionId, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => EndAsync(db, userId, s => s.Id == sessionId, actor, origin, token), cancellationToken);

    /// <summary>Signs a person out everywhere.</summary>
    /// <param name="exceptSessionId">The one that goes on; null for none.</param>
    /// <returns>How many sessions ended.</returns>
    public Task<int> EndAllAsync(long userId, string? exceptSessionId, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => EndAsync(db, userId, s => s.Id != exceptSessionId, actor, origin, token), cancellationToken);

    /// <summary>Within the transaction of the change that ends them.</summary>
    internal async Task<int> EndAllAsync(EnneoDbContext db, long userId, string? exceptSessionId, Actor actor, string origin, CancellationToken cancellationToken) =>
        await EndAsync(db, userId, s => s.Id != exceptSessionId, actor, origin, cancellationToken);

    private async Task<(SessionState State, DateTimeOffset LastSeenAt)> FindAsync(
        EnneoDbContext db, long userId, string securityStamp, string sessionId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var lastSeenAt = await db.Sessions
            .Where(s => s.Id == sessionId && s.UserId == userId && s.LastSeenAt >= now - IdleTime && s.StartedAt >= now - LongestTime
                && db.Users.Any(u => u.Id == userId && u.SecurityStamp == securityStamp && u.DisabledAt == null))
            .Select(s => (DateTimeOffset?)s.LastSeenAt)
            .SingleOrDefaultAsync(cancellationToken);
        return lastSeenAt is not { } seen ? (SessionState.Ended, default)
            : await SecondStep.IsMissingAsync(db, userId, cancellationToken) ? (SessionState.NeedsSecondStep, seen)
            : (SessionState.Alive, seen);
    }

    private async Task<int> EndAsync(
        EnneoDbContext db, long userId, Expression<Func<Session, bool>> which, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var ended = await db.Sessions.Where(s => s.UserId == userId).Where(which).ExecuteDeleteAsync(cancellationToken);
        if (ended > 0)
        {
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.SessionsEnded, actor, origin, clock, changes: [("user", null, userId), ("sessions", null, ended)]));
            await db.SaveChangesAsync(cancellationToken);
        }

        return ended;
    }
}
