using System.Text.RegularExpressions;
using Enneo.Core.Messages;

namespace Enneo.Web.Inbox;

/// <summary>Addresses as somebody typed or pasted them.</summary>
/// <param name="Addresses">Those that can be written to.</param>
/// <param name="Rest">What is not an address, as it was typed; empty when everything was.</param>
internal sealed partial record AddressEntry(IReadOnlyList<MailAddress> Addresses, string Rest)
{
    private const int LongestAddress = 254; // RFC 5321, section 4.5.3.1.3, less the brackets

    public static AddressEntry Parse(string text)
    {
        List<MailAddress> addresses = [];
        List<string> rest = [];
        foreach (var part in Split(text))
        {
            if (Address().Match(part) is { Success: true } match && match.Groups["address"].Length <= LongestAddress)
            {
                addresses.Add(new MailAddress(match.Groups["name"].Value.Trim(), match.Groups["address"].Value));
            }
            else
            {
                rest.Add(part);
            }
        }

        return new AddressEntry(addresses, string.Join(", ", rest));
    }

    /// <summary>Commas within quotes belong to a name.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        var quoted = false;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (!quoted && IsSeparator(text[i])))
            {
                if (text[start..i].Trim() is { Length: > 0 } part)
                {
                    yield return part;
                }

                start = i + 1;
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
        }
    }

    private static bool IsSeparator(char letter) => letter is ',' or ';' or '\n' or '\r' or '\t';

    [GeneratedRegex("""^(?:"?(?<name>[^"<>\p{C}]*)"?\s*<)?(?<address>[^\s<>@"(),:;\\\p{C}]+@[^\s<>@"(),:;\\\p{C}.]+(?:\.[^\s<>@"(),:;\\\p{C}.]+)*)>?$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Address();
}
