using System.Globalization;

namespace Enneo.Web.Api.Description;

/// <summary>Names of the endpoints, from which generated clients make methods.</summary>
internal static class OperationNames
{
    /// <returns>Such as <c>getTicketById</c>, <c>getTicketConversationRaw</c>.</returns>
    public static string Of(string verb, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var words = parts.Where(part => !part.StartsWith('{')).Select(part => char.ToUpperInvariant(part[0]) + part[1..]);
        return verb.ToLower(CultureInfo.InvariantCulture) + string.Concat(words) + (parts is [.., ['{', ..]] ? "ById" : "");
    }
}
