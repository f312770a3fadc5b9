using System.Globalization;

namespace Enneo.Web.Inbox;

/// <summary>Where a message's body, parts and source are served.</summary>
internal static class MessageAddress
{
    public static string Body(long messageId) => string.Create(CultureInfo.InvariantCulture, $"/message/{messageId}/body");

    public static string Part(long messageId, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"/message/{messageId}/part/{index}");

    /// <summary>A picture within the body.</summary>
    public static string Inline(long messageId, int index) => Part(messageId, index) + "?inline=true";

    public static string Source(long messageId) => string.Create(CultureInfo.InvariantCulture, $"/message/{messageId}/source");
}
