using Enneo.Core.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Enneo.Web.Microsoft365;

/// <summary>Reads what a provider sends along with whoever comes back.</summary>
internal static class CallbackQuery
{
    public static Callback Of(IEnumerable<KeyValuePair<string, StringValues>> query)
    {
        var values = query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new Callback(
            values.GetValueOrDefault("state"), values.GetValueOrDefault("code"), values.GetValueOrDefault("error"), values.GetValueOrDefault("error_description"),
            values.GetValueOrDefault("admin_consent"), values.GetValueOrDefault("tenant"), values.GetValueOrDefault("iss"));
    }

    /// <param name="address">As copied from the address bar of a page that did not load.</param>
    /// <returns>Null when it is none that a provider sends people to.</returns>
    public static Callback? OfPasted(string? address) =>
        Uri.TryCreate(address?.Trim(), UriKind.Absolute, out var uri) && QueryHelpers.ParseQuery(uri.Query) is var query && query.ContainsKey("state")
            ? Of(query) with { ArrivedAt = uri.GetLeftPart(UriPartial.Path) }
            : null;
}
