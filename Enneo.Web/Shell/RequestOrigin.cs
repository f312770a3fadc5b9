namespace Enneo.Web.Shell;

/// <summary>
/// Refuses what another site makes a signed-in person's browser send: changes, and what is a GET and changes things, the
/// handshake of a circuit and the way to a provider's login.
/// </summary>
internal static class RequestOrigin
{
    private const string Circuit = "/_blazor";

    /// <param name="publicAddress">Where people reach us: the browser names that, even if a proxy does not pass it on. Null for none.</param>
    public static bool IsOurs(HttpRequest request, string? publicAddress)
    {
        if (IsSafe(request.Method) && !request.Path.StartsWithSegments(Circuit) && !request.Path.StartsWithSegments(Urls.Microsoft365Connect) && !request.Path.StartsWithSegments(Urls.ProviderConnect))
        {
            return true;
        }

        // Browsers send Origin with every POST and every websocket; programs send neither header.
        if (request.Headers.Origin is [{ } origin, ..])
        {
            return origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
                || origin.Equals(publicAddress, StringComparison.OrdinalIgnoreCase);
        }

        return request.Headers["Sec-Fetch-Site"] is not [{ } site, ..] || site is "same-origin" or "none";
    }

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
