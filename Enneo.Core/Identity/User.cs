using Microsoft.AspNetCore.Identity;

namespace Enneo.Core.Identity;

/// <summary>A person who signs in: an agent or an admin.</summary>
public sealed class User : IdentityUser<long>
{
    public string DisplayName { get; set; } = "";
    public DateTimeOffset CreatedAt { get; init; }
}

public static class Roles
{
    /// <summary>Configures; also answers mail.</summary>
    public const string Admin = "admin";

    /// <summary>Reads and answers mail.</summary>
    public const string Agent = "agent";
}
