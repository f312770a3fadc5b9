namespace Enneo.Web.Shell;

/// <summary>An endpoint whose answers need another content security policy than pages.</summary>
internal sealed record ContentPolicy(string Value);
