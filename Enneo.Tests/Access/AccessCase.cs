namespace Enneo.Tests.Access;

/// <summary>How a method of Core is asked on behalf of somebody.</summary>
/// <param name="Method">Such as <c>TicketQueries.ListAsync</c>; overloads share a case.</param>
public abstract record AccessCase(string Method);

/// <summary>Asked for all there is: tells of everything within reach and of nothing else.</summary>
public sealed record ListCase(string Method, Func<TwoMailboxes, Visitor, Task<object?>> Ask) : AccessCase(Method);

/// <summary>Asked for, or to change, one thing: what is out of reach answers as what does not exist, and nothing is written.</summary>
public sealed record OneCase(string Method, Func<TwoMailboxes, Visitor, Target, Task<object?>> Ask) : AccessCase(Method);

/// <summary>Reaches nobody's mail.</summary>
public sealed record NoCase(string Method, string Why) : AccessCase(Method);
