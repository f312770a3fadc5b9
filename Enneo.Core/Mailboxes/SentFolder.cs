using MailKit;
using MailKit.Net.Imap;

namespace Enneo.Core.Mailboxes;

/// <summary>The folder of sent mail, for its sync and for filing what we send.</summary>
public static class SentFolder
{
    private static readonly string[] s_names =
        ["Sent", "Sent Items", "Sent Messages", "Sent Mail", "Gesendet", "Gesendete Objekte", "Gesendete Elemente", "Envoyés", "Enviados"];

    /// <summary>Finds it by its special use (RFC 6154), else by the names that servers give it.</summary>
    /// <returns>Null if the server has none.</returns>
    public static async Task<IMailFolder?> FindAsync(ImapClient client, CancellationToken cancellationToken)
    {
        if ((client.Capabilities & (ImapCapabilities.SpecialUse | ImapCapabilities.XList)) != 0
            && client.GetFolder(SpecialFolder.Sent) is { } special)
        {
            return special;
        }

        var folders = await client.GetFoldersAsync(client.PersonalNamespaces[0], cancellationToken: cancellationToken);
        return s_names
            .Select(name => folders.FirstOrDefault(folder => folder.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(folder => folder is not null);
    }
}
