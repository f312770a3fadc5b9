using System.Text;
using Enneo.Core.OAuth;

namespace Enneo.Core.Microsoft365.Checks;

/// <summary>
/// Asks for a login that must not be shown (<c>prompt=none</c>): Microsoft sends nobody, and thus us, back to an address that is
/// registered, and shows its error on a page of its own where it is not.
/// </summary>
internal static class RedirectProbe
{
    private const int LongestPage = 256 * 1024;

    /// <summary>Nobody is signed in here, which is as it should be.</summary>
    private const string NobodySignedIn = "AADSTS50058";

    public static async Task<CheckFinding> RunAsync(CloudHttp http, Microsoft365Settings settings, string redirectUri, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.For(settings.Addresses).GetAsync(AddressOf(settings, redirectUri), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var isBack = response.Headers.Location?.OriginalString is { } to && to.StartsWith(redirectUri, StringComparison.OrdinalIgnoreCase);
            var words = isBack ? Uri.UnescapeDataString(response.Headers.Location!.OriginalString) : await ReadAsync(response, cancellationToken);
            var code = SignInFailure.CodeIn(words);
            return code is not null && code != NobodySignedIn && Causes.AreKnownBy(code) ? CheckFinding.Refused(code)
                : isBack ? new(CheckState.Good, CheckText.Redirect)
                : new(CheckState.Open, CheckText.RedirectOpen);
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            return new(CheckState.Open, CheckText.RedirectOpen);
        }
    }

    private static string AddressOf(Microsoft365Settings settings, string redirectUri)
    {
        var cloud = settings.Addresses;
        Dictionary<string, string> query = new()
        {
            ["client_id"] = settings.ClientId,
            ["response_type"] = "code",
            ["response_mode"] = "query",
            ["redirect_uri"] = redirectUri,
            ["scope"] = string.Join(' ', [.. Scopes.OutlookOf(cloud), .. Scopes.ConsentOf(cloud, isShared: false), "openid", "profile", "offline_access"]),
            ["prompt"] = "none",
            ["state"] = "check",
            ["code_challenge"] = new string('A', 43), // nobody comes back with a code
            ["code_challenge_method"] = "S256",
        };
        return $"{cloud.Authority}/{settings.Tenant}/oauth2/v2.0/authorize?{string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"))}";
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var page = new byte[LongestPage];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return Encoding.UTF8.GetString(page, 0, await body.ReadAtLeastAsync(page, page.Length, throwOnEndOfStream: false, cancellationToken));
    }
}
