using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity.Factors;

/// <summary>Makes and takes the codes for the day a phone is lost.</summary>
public sealed class RecoveryCodes(WriterLane lane, TimeProvider clock)
{
    public const int Count = 10;

    private const int Length = 16;
    private const string Characters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // 32, none that look alike: 5 bits each

    /// <summary>Makes a new set; those before are worth nothing from then on.</summary>
    /// <returns>The codes, to be shown this once.</returns>
    public Task<IReadOnlyList<string>> MakeAsync(long userId, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync(async (db, token) =>
        {
            var codes = await MakeAsync(db, userId, token);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.RecoveryCodesMade, actor, origin, clock, changes: ("user", null, userId)));
            await db.SaveChangesAsync(token);
            return codes;
        }, cancellationToken);

    /// <summary>Takes a code, if the person has it.</summary>
    public Task<bool> UseAsync(long userId, string code, CancellationToken cancellationToken)
    {
        var hash = Hash(code);
        return lane.RunAsync(
            async (db, token) => await db.RecoveryCodes.Where(c => c.UserId == userId && c.Sha256 == hash).ExecuteDeleteAsync(token) > 0,
            cancellationToken);
    }

    /// <summary>Whether what was typed has the form of one, rather than of an app's six digits.</summary>
    public static bool IsOne(string typed) => Plain(typed).Length == Length;

    internal static async Task<IReadOnlyList<string>> MakeAsync(EnneoDbContext db, long userId, CancellationToken cancellationToken)
    {
        string[] codes = [.. Enumerable.Range(0, Count).Select(_ => New())];
        await db.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        db.RecoveryCodes.AddRange(codes.Select(code => new RecoveryCode { UserId = userId, Sha256 = Hash(code) }));
        return codes;
    }

    /// <summary>Without a factor there is nothing that they could stand in for.</summary>
    internal static async Task RemoveIfAsync(EnneoDbContext db, long userId, bool wasLastFactor, CancellationToken cancellationToken)
    {
        if (wasLastFactor)
        {
            await db.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private static string New() =>
        string.Join('-', RandomNumberGenerator.GetString(Characters, Length).Chunk(4).Select(part => new string(part)));

    private static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(Plain(code)));

    private static string Plain(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
