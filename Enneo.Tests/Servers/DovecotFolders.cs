using MailKit;

namespace Enneo.Tests.Servers;

/// <summary>What people do to folders in another mail program.</summary>
public static class DovecotFolders
{
    public static async Task CreateFolderAsync(this DovecotServer dovecot, string user, string folder, CancellationToken cancellationToken)
    {
        using var client = await dovecot.OpenAsync(user, cancellationToken);
        await client.GetFolder(client.PersonalNamespaces[0]).CreateAsync(folder, isMessageFolder: true, cancellationToken);
        await client.DisconnectAsync(true, cancellationToken);
    }

    public static async Task RenameFolderAsync(this DovecotServer dovecot, string user, string folder, string name, CancellationToken cancellationToken)
    {
        using var client = await dovecot.OpenAsync(user, cancellationToken);
        await (await client.GetFolderAsync(folder, cancellationToken)).RenameAsync(client.GetFolder(client.PersonalNamespaces[0]), name, cancellationToken);
        await client.DisconnectAsync(true, cancellationToken);
    }

    public static async Task DeleteFolderAsync(this DovecotServer dovecot, string user, string folder, CancellationToken cancellationToken)
    {
        using var client = await dovecot.OpenAsync(user, cancellationToken);
        await (await client.GetFolderAsync(folder, cancellationToken)).DeleteAsync(cancellationToken);
        await client.DisconnectAsync(true, cancellationToken);
    }

    public static async Task MoveAsync(this DovecotServer dovecot, string user, IEnumerable<uint> uids, string from, string to, CancellationToken cancellationToken)
    {
        using var client = await dovecot.OpenAsync(user, cancellationToken);
        var source = await client.GetFolderAsync(from, cancellationToken);
        await source.OpenAsync(FolderAccess.ReadWrite, cancellationToken);
        await source.MoveToAsync([.. uids.Select(uid => new UniqueId(uid))], await client.GetFolderAsync(to, cancellationToken), cancellationToken);
        await client.DisconnectAsync(true, cancellationToken);
    }

    /// <returns>The subjects of what lies in a folder, in order of the alphabet.</returns>
    public static async Task<IReadOnlyList<string>> SubjectsAsync(this DovecotServer dovecot, string user, string folder, CancellationToken cancellationToken) =>
        [.. (await dovecot.ListAsync(user, cancellationToken, folder)).Select(mail => mail.Parse().Subject ?? "").Order(StringComparer.Ordinal)];
}
