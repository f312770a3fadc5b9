using Microsoft.AspNetCore.Identity;

namespace Enneo.Core.Identity.Factors;

/// <summary>A key on a person's device or in their password manager, as ASP.NET Core Identity keeps it.</summary>
public sealed class UserPasskey : IdentityUserPasskey<long>
{
    /// <summary>Null until it was used to sign in.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}
