namespace Enneo.Web.Api;

/// <summary>It is done, and there is nothing more to say.</summary>
internal sealed record DoneAnswer(bool Success);
