using System.Text;
using System.Text.RegularExpressions;
using MailKit;

namespace Enneo.Core.Connections;

/// <summary>
/// Hears the last refusal that a server spoke while we connected and signed in, since MailKit's
/// exceptions drop response codes (RFC 5530). It keeps status lines only, nothing that we sent, and is deaf from then on.
/// </summary>
internal sealed partial class RefusalListener : IProtocolLogger
{
    private const int MaxLine = 1000;

    private readonly StringBuilder _line = new();
    private bool _deaf;

    /// <summary>Such as <c>NO [AUTHENTICATIONFAILED] …</c>, <c>BYE …</c> or <c>535 5.7.8 …</c>.</summary>
    public string? LastRefusal { get; private set; }

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    public void StopListening()
    {
        _deaf = true;
        _line.Clear();
        LastRefusal = null;
    }

    public void LogConnect(Uri uri)
    {
        // Nothing to hear.
    }

    public void LogClient(byte[] buffer, int offset, int count)
    {
        // What we send may be secret.
    }

    public void LogServer(byte[] buffer, int offset, int count)
    {
        if (_deaf)
        {
            return;
        }

        foreach (var character in Encoding.UTF8.GetString(buffer, offset, count))
        {
            if (character == '\n')
            {
                Hear(_line.ToString());
                _line.Clear();
            }
            else if (_line.Length < MaxLine)
            {
                _line.Append(character);
            }
        }
    }

    public void Dispose() => _deaf = true;

    private void Hear(string line)
    {
        if (Refusal().Match(line) is { Success: true } refusal)
        {
            LastRefusal = refusal.Groups["words"].Value;
        }
    }

    /// <summary>A tagged or untagged IMAP status (RFC 9051, section 7.1) or an SMTP reply of refusal (RFC 5321, section 4.2).</summary>
    [GeneratedRegex(@"^(?:[*A-Za-z0-9.]+ (?<words>(?:NO|BAD|BYE)\b.*)|(?<words>[45][0-9][0-9](?:[ -].*)?))$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Refusal();
}
