using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Backup;

public sealed class BackupOptions
{
    public const string Section = "Enneo:Backup";

    /// <summary>Whether a backup is made every night.</summary>
    public bool Nightly { get; set; } = true;

    /// <summary>When, by the clock of the machine.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "23:59:59")]
    public TimeSpan At { get; set; } = new(2, 30, 0);

    /// <summary>Absolute, or counted from the data directory.</summary>
    [Required]
    public string Folder { get; set; } = "backups";

    /// <summary>How many nights are kept.</summary>
    [Range(1, 365)]
    public int Kept { get; set; } = 7;

    /// <summary>Whether the keys that decrypt the mailboxes' passwords are in it.</summary>
    public bool WithKeys { get; set; }
}

[OptionsValidator]
internal sealed partial class BackupOptionsValidator : IValidateOptions<BackupOptions>;
