using System.Globalization;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Sending;

/// <summary>Where mail goes instead of to a server, when the settings say so: one .eml file each, under the id of its outbox row.</summary>
internal sealed class PickupFolder(IOptions<SendingOptions> options)
{
    public bool IsUsed => !string.IsNullOrEmpty(options.Value.PickupDirectory);

    private string Folder => Path.GetFullPath(options.Value.PickupDirectory ?? throw new InvalidOperationException("No pickup folder is set."));

    /// <summary>Whole or not at all; writing it again is harmless.</summary>
    public async Task WriteAsync(long outgoingId, byte[] source, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{outgoingId}.eml"));
        var unfinished = path + ".part";
        await using (FileStream file = new(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(source, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
