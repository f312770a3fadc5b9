namespace Enneo.Core.Microsoft365;

/// <summary>How people sign in here by Microsoft.</summary>
/// <param name="IsOn">The sign-in page offers it.</param>
/// <param name="LetsTenantIn">Who belongs to the tenant and is not here yet is let in, as an agent who sees no mailbox until an admin says which.</param>
/// <param name="AdminRole">The app role, or the id of the group, that makes admins, at each sign-in; empty leaves roles to people here.</param>
public sealed record PeopleLogins(bool IsOn = false, bool LetsTenantIn = false, string AdminRole = "");
