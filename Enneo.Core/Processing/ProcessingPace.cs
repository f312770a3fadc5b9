namespace Enneo.Core.Processing;

/// <summary>How soon a mail is processed.</summary>
public enum ProcessingPace
{
    /// <summary>In its turn.</summary>
    Batch,

    /// <summary>Before all that waits: somebody waits for it.</summary>
    Realtime,

    /// <summary>Not at all.</summary>
    Never,
}
