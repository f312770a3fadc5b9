using Microsoft.AspNetCore.Identity;

namespace Enneo.Core.Identity;

/// <summary>A person who signs in: an agent or an admin.</summary>
public sealed class User : IdentityUser<long>
{
    public string DisplayName { get; set; } = "";
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since then they cannot sign in; null for people who can.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>No person, but a program that acts by its key and cannot sign in.</summary>
    public bool IsService { get; init; }

    /// <summary>When they last used a page, to some minutes; null for never.</summary>
    public DateTimeOffset? LastSeenAt { get; set; }

    /// <summary>When they asked not to be told any more that no language model is set up; null while they are.</summary>
    public DateTimeOffset? ModelHintLeftAt { get; set; }
}

public static class Roles
{
    /// <summary>Configures; also answers mail.</summary>
    public const string Admin = "admin";

    /// <summary>Reads and answers mail.</summary>
    public const string Agent = "agent";
}
