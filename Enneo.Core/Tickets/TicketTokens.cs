using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets;

/// <summary>
/// The signed mark by which an answer finds its ticket: <c>t{ticket}.{random}.{hmac}</c>, the local
/// part of the Message-ID of what we send and the value of our own header. The key lives in the database.
/// </summary>
public sealed partial class TicketTokens(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane)
{
    private const string KeySetting = "threading-key";
    private const int KeyBytes = 32;
    private const int RandomBytes = 8;
    private const int SignatureBytes = 16;

    private byte[]? _key;

    public async Task<string> CreateAsync(long ticketId, CancellationToken cancellationToken)
    {
        var key = await FindKeyAsync(cancellationToken) ?? await CreateKeyAsync(cancellationToken);
        var body = string.Create(CultureInfo.InvariantCulture, $"t{ticketId}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}");
        return $"{body}.{Sign(key, body)}";
    }

    /// <returns>The ticket's id if the token, or a Message-ID that begins with one, carries our signature; else null.</returns>
    public async Task<long?> FindTicketAsync(string tokenOrMessageId, CancellationToken cancellationToken)
    {
        var match = Token.Match(tokenOrMessageId);
        if (!match.Success || await FindKeyAsync(cancellationToken) is not { } key)
        {
            return null;
        }

        var expected = Encoding.ASCII.GetBytes(Sign(key, match.Groups["body"].Value));
        var given = Encoding.ASCII.GetBytes(match.Groups["signature"].Value);
        return CryptographicOperations.FixedTimeEquals(expected, given)
            && long.TryParse(match.Groups["ticket"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var ticketId)
            ? ticketId
            : null;
    }

    private static string Sign(byte[] key, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(body)).AsSpan(0, SignatureBytes));

    /// <summary>Without a key nothing was ever signed, so none is made only to check.</summary>
    private async Task<byte[]?> FindKeyAsync(CancellationToken cancellationToken)
    {
        if (_key is null)
        {
            await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
            var stored = await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Name == KeySetting, cancellationToken);
            _key = stored is null ? null : Convert.FromHexString(stored.Value);
        }

        return _key;
    }

    private async Task<byte[]> CreateKeyAsync(CancellationToken cancellationToken) => _key = await lane.RunAsync(
        async (db, token) =>
        {
            // Another process may have made one since we looked.
            var setting = await db.Settings.SingleOrDefaultAsync(s => s.Name == KeySetting, token);
            if (setting is null)
            {
                setting = new Setting { Name = KeySetting, Value = Convert.ToHexString(RandomNumberGenerator.GetBytes(KeyBytes)) };
                db.Settings.Add(setting);
                await db.SaveChangesAsync(token);
            }

            return Convert.FromHexString(setting.Value);
        },
        cancellationToken);

    [GeneratedRegex(@"^<?(?<body>t(?<ticket>[0-9]{1,18})\.[0-9a-f]{16})\.(?<signature>[0-9a-f]{32})(?:@[^\s>]*)?>?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Token { get; }
}
