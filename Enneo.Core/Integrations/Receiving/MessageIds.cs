using MimeKit;

namespace Enneo.Core.Integrations.Receiving;

/// <summary>Message-IDs that programs name.</summary>
public static class MessageIds
{
    /// <param name="id">Without brackets.</param>
    /// <returns>Whether a mail may have it (RFC 5322, section 3.6.4).</returns>
    public static bool IsValid(string id)
    {
        using MimeMessage mail = new();
        try
        {
            mail.MessageId = id;
            return mail.MessageId == id;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
