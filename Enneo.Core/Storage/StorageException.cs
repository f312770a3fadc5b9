namespace Enneo.Core.Storage;

/// <summary>
/// Our own disk did not take what came: it is full, or cannot be written. No <see cref="IOException"/>, which a network throws as
/// well: this is the fault of no server, and of no mail.
/// </summary>
public sealed class StorageException(Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>Whether <paramref name="exception"/> is one with which a disk reports a failure, where nothing but a disk is used.</summary>
    public static bool Covers(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
