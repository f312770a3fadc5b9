using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity;

/// <summary>
/// Writes failed sign-ins into the log. Never what was typed: where no account has that name, it is often a password in
/// the wrong field. Only so many a minute, since whoever guesses could otherwise fill the disk.
/// </summary>
public sealed class SignInLog(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, ILookupNormalizer normalizer, TimeProvider clock)
{
    public const int MostPerMinute = 60;

    private readonly Lock _gate = new();
    private DateTimeOffset _minute;
    private int _written;

    /// <summary>A wrong password for an account that may exist.</summary>
    public async Task NoteFailureAsync(string email, string? address, string origin, CancellationToken cancellationToken)
    {
        var normalized = normalizer.NormalizeEmail(email.Trim());
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var userId = await db.Users.Where(u => u.NormalizedEmail == normalized).Select(u => (long?)u.Id).SingleOrDefaultAsync(cancellationToken);
        await NoteFailureAsync(userId, SignInMethod.Password, address, origin, cancellationToken);
    }

    /// <param name="userId">Null for nobody that is known.</param>
    /// <param name="method">What was tried.</param>
    public async Task NoteFailureAsync(long? userId, SignInMethod method, string? address, string origin, CancellationToken cancellationToken)
    {
        if (!MayWrite())
        {
            return;
        }

        var actor = Actor.System with { Address = address };
        await lane.RunAsync(async (db, token) =>
        {
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.UserSignInFailed, actor, origin, clock, changes: [("user", null, userId), ("method", null, method.ToString())]));
            await db.SaveChangesAsync(token);
        }, cancellationToken);
    }

    private bool MayWrite()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (now - _minute >= TimeSpan.FromMinutes(1))
            {
                (_minute, _written) = (now, 0);
            }

            return ++_written <= MostPerMinute;
        }
    }
}
