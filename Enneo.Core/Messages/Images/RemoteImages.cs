using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Net;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Messages.Images;

/// <summary>A picture that was fetched for a reader.</summary>
public sealed record RemotePicture(string ContentType, byte[] Bytes);

/// <summary>
/// Fetches the pictures that a mail names elsewhere, in the reader's place. An address is only fetched with the mark
/// that we put to it when we showed the message, so nobody can have us fetch anything else. The key lives in the database.
/// </summary>
public sealed class RemoteImages(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, GuardedHttp http)
{
    private const string KeySetting = "remote-image-key";
    private const int KeyBytes = 32;
    private const int SignatureBytes = 16;
    private const int MaxAddress = 4000;
    private const string Accept = "image/webp,image/png,image/jpeg,image/gif";

    private byte[]? _key;

    /// <returns>Makes the mark of an address for one message; null for what is never fetched.</returns>
    public async Task<Func<string, string?>> SignerAsync(long messageId, CancellationToken cancellationToken)
    {
        var key = await KeyAsync(cancellationToken);
        return address => address.Length <= MaxAddress ? Sign(key, messageId, address) : null;
    }

    /// <returns>Null if the mark is not ours, or there is no picture to be had.</returns>
    public async Task<RemotePicture?> FetchAsync(Reach reach, long messageId, string address, string signature, CancellationToken cancellationToken)
    {
        var expected = Encoding.ASCII.GetBytes(Sign(await KeyAsync(cancellationToken), messageId, address));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature)) || !await IsWithinAsync(reach, messageId, cancellationToken))
        {
            return null;
        }

        var fetched = await http.FetchAsync(address.StartsWith("//", StringComparison.Ordinal) ? "https:" + address : address, Accept, IsPicture, cancellationToken);
        return fetched is not null && PictureType.Of(fetched.Bytes) is { } type ? new RemotePicture(type, fetched.Bytes) : null;
    }

    private async Task<bool> IsWithinAsync(Reach reach, long messageId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await reach.Of(db.Messages).AnyAsync(m => m.Id == messageId, cancellationToken);
    }

    private static bool IsPicture(string type) => type.StartsWith("image/", StringComparison.Ordinal) && !type.Contains("svg", StringComparison.Ordinal);

    private static string Sign(byte[] key, long messageId, string address) => Convert.ToHexStringLower(
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{messageId}\n{address}"))).AsSpan(0, SignatureBytes));

    private async Task<byte[]> KeyAsync(CancellationToken cancellationToken)
    {
        if (_key is null)
        {
            await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
            var stored = await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Name == KeySetting, cancellationToken);
            _key = stored is null ? await CreateKeyAsync(cancellationToken) : Convert.FromHexString(stored.Value);
        }

        return _key;
    }

    private Task<byte[]> CreateKeyAsync(CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
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
}
