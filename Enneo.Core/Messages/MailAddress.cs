namespace Enneo.Core.Messages;

/// <summary>A name and an address of a header, decoded; the name may be empty.</summary>
public sealed record MailAddress(string Name, string Address);
