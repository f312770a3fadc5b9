using System.Globalization;

namespace Enneo.Web.Identity;

/// <summary>What a browser calls itself, in words by which its owner knows it again.</summary>
internal static class DeviceName
{
    /// <summary>The first that is named counts: each pretends to be those after it.</summary>
    private static readonly (string Mark, string Name)[] s_browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"), ("SamsungBrowser/", "Samsung Internet"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] s_systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    public static string Of(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        return (Find(s_browsers, agent), Find(s_systems, agent)) switch
        {
            ({ } browser, { } system) => string.Format(CultureInfo.CurrentCulture, IdentityText.DeviceBrowserOn, browser, system),
            ({ } browser, null) => browser,
            (null, { } system) => system,
            _ => IdentityText.DeviceUnknown,
        };
    }

    private static string? Find((string Mark, string Name)[] known, string agent) =>
        known.FirstOrDefault(entry => agent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
}
