using System.Security.Cryptography;
using System.Text.Json;

namespace Enneo.Core.Backup;

/// <summary>What a snapshot holds, to be held against what is found there.</summary>
/// <param name="Form">Of the backup; <see cref="CurrentForm"/> today.</param>
/// <param name="Installation">Whose backup it is: backups of two installations never share a folder.</param>
/// <param name="Migration">The version of the database.</param>
/// <param name="DatabaseSha256">In hex.</param>
/// <param name="Segments">Bytes that are needed of each segment of raw mail, by its number.</param>
/// <param name="Mails">Stored mails.</param>
/// <param name="HasKeys">Whether the mailboxes' passwords can be read with it.</param>
public sealed record BackupManifest(
    int Form, DateTimeOffset CreatedAt, string Installation, string Migration, string DatabaseSha256, IReadOnlyDictionary<int, long> Segments, int Mails, bool HasKeys)
{
    public const int CurrentForm = 1;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexString(await SHA256.HashDataAsync(file, cancellationToken));
    }

    /// <returns>Null if there is none, or something else stands in its place.</returns>
    public static async Task<BackupManifest?> FindAsync(string snapshotPath, CancellationToken cancellationToken)
    {
        var path = Path.Combine(snapshotPath, BackupFolder.Manifest);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            await using var file = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<BackupManifest>(file, s_json, cancellationToken) is { Segments: not null, Installation: not null } manifest ? manifest : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public async Task WriteAsync(string snapshotPath, CancellationToken cancellationToken)
    {
        await using FileStream file = new(Path.Combine(snapshotPath, BackupFolder.Manifest), FileMode.CreateNew);
        await JsonSerializer.SerializeAsync(file, this, s_json, cancellationToken);
        file.Flush(flushToDisk: true);
    }
}
