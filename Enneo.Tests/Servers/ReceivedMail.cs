using System.Security.Cryptography;
using System.Text;
using MimeKit;

namespace Enneo.Tests.Servers;

/// <summary>One mail that an <see cref="SmtpSink"/> accepted, with its envelope and the bytes as sent.</summary>
public sealed record ReceivedMail(string Sender, IReadOnlyList<string> Recipients, byte[] Source, string? SignedInAs, bool Encrypted)
{
    public string Text => Encoding.Latin1.GetString(Source);

    public string Sha256 => Convert.ToHexString(SHA256.HashData(Source));

    /// <summary>Without angle brackets.</summary>
    public string? MessageId => Parse().MessageId;

    public MimeMessage Parse() => MimeMessage.Load(new MemoryStream(Source));
}
