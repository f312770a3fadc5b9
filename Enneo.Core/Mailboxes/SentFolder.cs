using MailKit;
using MailKit.Net.Imap;

namespace Enneo.Core.Mailboxes;

/// <summary>The folder of sent mail, for filing what we send before any sync has said which it is.</summary>
public static class SentFolder
{
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
        return folders
            .Select(folder => (Folder: folder, Rank: FolderNames.RankOf(folder.Name, FolderRole.Sent)))
            .Where(named => named.Rank is not null)
            .OrderBy(named => named.Rank)
            .Select(named => named.Folder)
            .FirstOrDefault();
    }
}
