namespace Enneo.Web.Inbox;

/// <summary>The pictures of other hosts in a mail.</summary>
/// <param name="Count">All that were found.</param>
/// <param name="DrawnBehind">Those in other places than a picture or a background (bullets, borders), which are never shown.</param>
/// <param name="MayBeTrusted">Whether its sender can be known well enough.</param>
public sealed record RemoteImageState(int Count, int DrawnBehind, bool MayBeTrusted, bool IsTrusted);
