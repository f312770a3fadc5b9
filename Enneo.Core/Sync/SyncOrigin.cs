namespace Enneo.Core.Sync;

internal static class SyncOrigin
{
    /// <summary>The origin that activity of this slice carries.</summary>
    public const string Name = "sync";
}
