using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Messages;

namespace Enneo.Core.Integrations.Connected;

/// <summary>What a message says, in forms that can be compared and shown.</summary>
internal static class MessageWords
{
    private const int MostShown = 200;

    /// <summary>The very form of it.</summary>
    public static string HashOf(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    /// <summary>Of the source of a message here.</summary>
    public static string HashOf(Message message) => message.Sha256 is { } hash ? Convert.ToHexString(hash)[..32] : FormattableString.Invariant($"source {message.SourceId}");

    /// <summary>The words alone: each system writes the HTML of the other in its own way.</summary>
    public static string PlainOf(MailHtml html, string text, bool isHtml) =>
        string.Join(' ', (isHtml ? html.ToText(text) : text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <returns>The beginning.</returns>
    public static string Shown(string plain) => plain.Length <= MostShown ? plain : plain[..(char.IsHighSurrogate(plain[MostShown - 1]) ? MostShown - 1 : MostShown)] + "…";
}
