using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Sending;

public sealed class SendingOptions
{
    public const string Section = "Enneo:Sending";

    /// <summary>How long "Undo" can take a mail back.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:02:00")]
    public TimeSpan UndoTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A mail that the server keeps refusing for now is given back to its author after this.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "5.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(2);

    /// <summary>
    /// How long the server may think about a mail that it has received in full. Who gives up early
    /// cannot know how it ended (RFC 5321, section 4.5.3.2.6, asks for 10 minutes).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan FinalAnswerTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of all attachments of one mail together.</summary>
    [Range(1_000, 100_000_000)]
    public long MaxAttachmentBytes { get; set; } = 25_000_000;

    /// <summary>When set, mail is not sent but written here as .eml files (the demo does this).</summary>
    public string? PickupDirectory { get; set; }
}

[OptionsValidator]
internal sealed partial class SendingOptionsValidator : IValidateOptions<SendingOptions>;
