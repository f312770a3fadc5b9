using System.Globalization;

namespace Enneo.Web.Inbox;

/// <summary>Where a message's body, parts and source are served, for the screen and for paper.</summary>
internal static class MessageAddress
{
    public static string Body(long messageId) => string.Create(CultureInfo.InvariantCulture, $"/message/{messageId}/body");

    public static string Part(long messageId, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"/message/{messageId}/part/{index}");

    /// <summary>An attachment to look at.</summary>
    public static string Preview(long messageId, int index) => Part(messageId, index) + "/preview";

    /// <summary>A picture within the body.</summary>
    public static string Inline(long messageId, int index) => Part(messageId, index) + "?inline=true";

    /// <summary>With its remote images, as far as they are pictures within the text.</summary>
    public static string BodyWithImages(long messageId) => Body(messageId) + "?images=true";

    /// <summary>A picture of another host, fetched by this server.</summary>
    public static string Remote(long messageId, string address, string mark) =>
        string.Create(CultureInfo.InvariantCulture, $"/message/{messageId}/remote?mark={mark}&address={Uri.EscapeDataString(address)}");

    public static string Source(long messageId) => string.Create(CultureInfo.InvariantCulture, $"/message/{messageId}/source");

    /// <summary>The source as text, to look at.</summary>
    public static string SourceText(long messageId) => Source(messageId) + "/text";

    /// <summary>For paper, with times of the reader's zone.</summary>
    public static string Print(long messageId, TimeZoneInfo zone) =>
        string.Create(CultureInfo.InvariantCulture, $"/message/{messageId}/print?zone={Uri.EscapeDataString(zone.Id)}");

    /// <summary>The whole conversation for paper.</summary>
    public static string PrintConversation(long ticketId, TimeZoneInfo zone) =>
        string.Create(CultureInfo.InvariantCulture, $"/ticket/{ticketId}/print?zone={Uri.EscapeDataString(zone.Id)}");
}
