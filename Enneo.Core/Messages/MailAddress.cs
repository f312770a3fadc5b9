using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>A name and an address of a header, decoded; the name may be empty.</summary>
public sealed record MailAddress(string Name, string Address)
{
    /// <summary>Whether a header of ours may hold it (RFC 5322, section 3.4.1): what comes in is read more kindly.</summary>
    public bool CanBeWritten()
    {
        try
        {
            return new MailboxAddress(Name, Address).Address.Length > 0;
        }
        catch (ParseException)
        {
            return false;
        }
    }
}
