using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity.ApiKeys;

/// <summary>Makes keys, each shown once, and takes them away.</summary>
public sealed class ApiKeyEditing(WriterLane lane, NewApiKeyValidator validator, TimeProvider clock)
{
    /// <summary>A key that acts as a person. It is theirs to make; the person at the machine may make it for them.</summary>
    public Task<ApiKeyResult> AddPersonalAsync(long userId, NewApiKey wanted, Actor actor, string origin, CancellationToken cancellationToken) => AddAsync(
        wanted,
        async (db, token) =>
        {
            if (actor.Kind is ActorKind.User && actor.UserId != userId)
            {
                return (null, PeopleText.KeyOfSomebodyElse);
            }

            if (!await db.Users.AnyAsync(u => u.Id == userId && u.DisabledAt == null && !u.IsService, token))
            {
                return (null, PeopleText.PersonGone);
            }

            return wanted.Scopes.HasFlag(ApiScopes.Admin) && !(await Reaches.OfAsync(db, userId, token)).IsAll ? (null, PeopleText.OnlyAdmins) : (userId, null);
        },
        isService: false, actor, origin, cancellationToken);

    /// <summary>A key for a program, which becomes an account that can do nothing but use it. For admins.</summary>
    public Task<ApiKeyResult> AddServiceAsync(NewApiKey wanted, Actor actor, string origin, CancellationToken cancellationToken) => AddAsync(
        wanted,
        async (db, token) =>
        {
            if (!(await Reaches.OfAsync(db, actor, token)).IsAll)
            {
                return (null, PeopleText.OnlyAdmins);
            }

            User service = new()
            {
                UserName = string.Create(CultureInfo.InvariantCulture, $"service-{Guid.NewGuid():N}"),
                DisplayName = wanted.Name.Trim(),
                CreatedAt = clock.GetUtcNow(),
                SecurityStamp = Accounts.NewStamp(),
                IsService = true,
            };
            service.NormalizedUserName = service.UserName.ToUpperInvariant();
            db.Users.Add(service);
            await db.SaveChangesAsync(token); // gives it its id
            return (service.Id, null);
        },
        isService: true, actor, origin, cancellationToken);

    /// <summary>Nothing gets in by it any more. People take away their own keys, admins all.</summary>
    /// <returns>Whether there was such a key, for the actor.</returns>
    public Task<bool> RevokeAsync(long keyId, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var isAdmin = (await Reaches.OfAsync(db, actor, token)).IsAll;
            var key = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == keyId && k.RevokedAt == null && (isAdmin || k.UserId == actor.UserId), token);
            if (key is null)
            {
                return false;
            }

            key.RevokedAt = clock.GetUtcNow();
            db.Activity.Add(EntryOf(ActivityKind.ApiKeyRevoked, key, actor, origin));
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);

    private async Task<ApiKeyResult> AddAsync(
        NewApiKey wanted, Func<EnneoDbContext, CancellationToken, Task<(long? UserId, string? Problem)>> owner, bool isService, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (validator.Validate(wanted) is { IsValid: false } invalid)
        {
            return ApiKeyResult.Refused(invalid.Errors[0].ErrorMessage);
        }

        var secret = ApiKeySecret.New();
        return await lane.RunAsync(
            async (db, token) =>
            {
                var mailboxIds = wanted.MailboxIds?.Distinct().Order().ToList();
                if (mailboxIds is not null && await db.Mailboxes.CountAsync(m => mailboxIds.Contains(m.Id) && m.RemovedAt == null, token) != mailboxIds.Count)
                {
                    return ApiKeyResult.Refused(PeopleText.KeyMailboxUnknown);
                }

                var (userId, problem) = await owner(db, token);
                if (userId is not { } id)
                {
                    return ApiKeyResult.Refused(problem!);
                }

                ApiKey key = new()
                {
                    Name = wanted.Name.Trim(),
                    UserId = id,
                    IsService = isService,
                    SecretHash = ApiKeySecret.HashOf(secret)!,
                    Start = ApiKeySecret.StartOf(secret),
                    Scopes = wanted.Scopes,
                    MailboxIds = mailboxIds,
                    CreatedAt = clock.GetUtcNow(),
                };
                db.ApiKeys.Add(key);
                await db.SaveChangesAsync(token); // gives it its id
                db.Activity.Add(EntryOf(ActivityKind.ApiKeyMade, key, actor, origin));
                await db.SaveChangesAsync(token);
                return new ApiKeyResult(key.Id, secret, null);
            },
            cancellationToken);
    }

    private ActivityEntry EntryOf(ActivityKind kind, ApiKey key, Actor actor, string origin) => ActivityEntry.Of(
        kind, actor, origin, clock,
        changes: [("key", null, key.Id), ("name", null, key.Name), ("user", null, key.UserId), ("scopes", null, key.Scopes.ToString()), ("mailboxes", null, key.MailboxIds)]);
}
