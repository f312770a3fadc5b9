namespace Enneo.Core.Storage;

/// <summary>A stored mail can no longer be read as it was stored.</summary>
public sealed class CorruptSourceException(StoredSource source, string reason)
    : IOException($"Stored mail {source.Id} (segment {source.Segment}, offset {source.Offset}) cannot be read: {reason}.");
