using Enneo.Core.OAuth;
using Enneo.Web.Shell;

namespace Enneo.Web.Microsoft365;

/// <summary>
/// Where providers send people back to: an address from the settings, never from a request. Entra takes https, or http at
/// localhost; where neither is ours, the page does not load and its address is pasted.
/// </summary>
/// <param name="options">As read at the start.</param>
public sealed class RedirectAddress(EnneoOptions options)
{
    private const string Fallback = "http://localhost";

    /// <summary>To be registered in Entra, character by character.</summary>
    public string Uri { get; } = Root(options) + Urls.Microsoft365Callback;

    private readonly string _ofOthers = Root(options) + Urls.ProviderCallback;

    /// <summary>The same for another provider.</summary>
    /// <param name="key">The provider's <see cref="ProviderInput.CallbackKey"/>.</param>
    public string Of(string key) => $"{_ofOthers}/{key}";

    /// <summary>People are known to come back by themselves.</summary>
    public bool IsReached { get; } = Usable(options.PublicUrl) is not null;

    private static string Root(EnneoOptions options) => Usable(options.PublicUrl) ?? options.Urls.Split(';').Select(Usable).FirstOrDefault(url => url is not null) ?? Fallback;

    private static string? Usable(string url) =>
        System.Uri.TryCreate(url.Trim(), UriKind.Absolute, out var address)
        && (address.Scheme == System.Uri.UriSchemeHttps || (address.Scheme == System.Uri.UriSchemeHttp && address.Host == "localhost"))
            ? address.GetLeftPart(UriPartial.Authority)
            : null;
}
