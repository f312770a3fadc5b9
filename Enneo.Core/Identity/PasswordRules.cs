using System.Globalization;
using System.Security.Cryptography;

namespace Enneo.Core.Identity;

/// <summary>
/// What a password must be: long enough, and not one that everybody tries first. No rules about
/// kinds of characters and no expiry (NIST SP 800-63B, section 3.1.1.2).
/// </summary>
public static class PasswordRules
{
    public const int MinLength = 8;

    /// <summary>Far above what anybody types; bounds the work of hashing.</summary>
    public const int MaxLength = 1_000;

    private const int GeneratedLength = 20;
    private const string GeneratedCharacters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // none that look alike

    private static readonly HashSet<string> s_common = CommonPasswords.List.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    /// <returns>What is wrong, in words; null when nothing is.</returns>
    public static string? ProblemWith(string password, string email)
    {
        if (password.EnumerateRunes().Count() < MinLength)
        {
            return string.Format(CultureInfo.CurrentCulture, PeopleText.PasswordTooShort, MinLength);
        }

        if (password.Length > MaxLength)
        {
            return string.Format(CultureInfo.CurrentCulture, PeopleText.PasswordTooLong, MaxLength);
        }

        return IsEasilyGuessed(password, email) ? PeopleText.PasswordCommon : null;
    }

    public static string Generate() => RandomNumberGenerator.GetString(GeneratedCharacters, GeneratedLength);

    private static bool IsEasilyGuessed(string password, string email)
    {
        var lower = password.ToLowerInvariant();
        return s_common.Contains(lower)
            || lower.Distinct().Count() <= 2
            || lower == email.ToLowerInvariant()
            || IsSequence(lower);
    }

    /// <summary>Each character follows the one before it: 12345678, hgfedcba.</summary>
    private static bool IsSequence(string password)
    {
        var step = password[1] - password[0];
        return step is 1 or -1 && password.Zip(password.Skip(1), (left, right) => right - left).All(s => s == step);
    }
}
