namespace Enneo.Core.Processing;

/// <summary>Why a step was not taken, as its details say it.</summary>
public static class SkipReason
{
    /// <summary>The message is not there any more.</summary>
    public const string Gone = "gone";

    /// <summary>Its ticket is spam.</summary>
    public const string Spam = "spam";

    /// <summary>There is no language model to ask.</summary>
    public const string NoModel = "noModel";

    /// <summary>A person called it clean, and needs no second opinion.</summary>
    public const string CalledClean = "calledClean";
}
