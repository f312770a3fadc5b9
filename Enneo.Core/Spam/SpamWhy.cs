namespace Enneo.Core.Spam;

/// <summary>Fields of the activity log that say why a ticket became spam or clean.</summary>
public static class SpamWhy
{
    /// <summary>A <see cref="SpamStage"/>.</summary>
    public const string Stage = "stage";

    /// <summary>A <see cref="Spam.NotAsked"/>: it is clean without having been read.</summary>
    public const string NotAsked = "notAsked";

    /// <summary>Somebody said so: <c>list</c>, <c>answer</c>, <c>folder</c> or <c>undo</c>.</summary>
    public const string Person = "person";
}
