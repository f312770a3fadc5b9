namespace Enneo.Core.OAuth;

/// <summary>What a provider wants to be told at its login page besides what everybody is told.</summary>
internal static class ExtraParameters
{
    /// <summary>What we say ourselves.</summary>
    private static readonly HashSet<string> s_ours = new(StringComparer.OrdinalIgnoreCase)
    {
        "client_id", "client_secret", "response_type", "response_mode", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "login_hint", "request", "request_uri",
    };

    /// <param name="text">Such as <c>access_type=offline&amp;prompt=consent</c>.</param>
    public static IEnumerable<(string Name, string Value)> Parse(string text) =>
        text.Split('&', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Uri.UnescapeDataString(pair[0]), pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : ""));

    public static bool AreAllowed(string text) => Parse(text).All(pair => pair.Name.Length > 0 && !pair.Name.Any(char.IsControl) && !s_ours.Contains(pair.Name));
}
