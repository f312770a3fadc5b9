using MailKit;
using MailKit.Net.Imap;

namespace Enneo.Core.Sync;

/// <summary>Lets a server that can (RFC 5465) tell of changes in all folders, not only in the one that is open. Without, they are found by looking.</summary>
internal sealed class FolderNotices(ImapClient client, EventHandler<EventArgs> onChange) : IDisposable
{
    private readonly List<IMailFolder> _watched = [];

    public async Task AskAsync(CancellationToken cancellationToken)
    {
        if (!client.Capabilities.HasFlag(ImapCapabilities.Notify))
        {
            return;
        }

        foreach (var names in client.PersonalNamespaces)
        {
            foreach (var folder in await client.GetFoldersAsync(names, cancellationToken: cancellationToken))
            {
                Watch(folder);
            }
        }

        client.FolderCreated += OnCreated;
        ImapEvent[] wanted = [new ImapEvent.MessageNew(), ImapEvent.MessageExpunge, ImapEvent.FlagChange];
        try
        {
            await client.NotifyAsync(
                false,
                [new ImapEventGroup(ImapMailboxFilter.Selected, wanted), new ImapEventGroup(ImapMailboxFilter.Personal, [.. wanted, ImapEvent.MailboxName])],
                cancellationToken);
        }
        catch (Exception exception) when (exception is CommandException or NotSupportedException)
        {
            // It offers more than it does: IDLE on the INBOX and polling remain.
        }
    }

    public void Dispose()
    {
        client.FolderCreated -= OnCreated;
        foreach (var folder in _watched)
        {
            folder.CountChanged -= OnChange;
            folder.UidNextChanged -= OnChange;
            folder.UnreadChanged -= OnChange;
            folder.HighestModSeqChanged -= OnChange;
            folder.Deleted -= OnChange;
            folder.Renamed -= OnRenamed;
        }
    }

    private void Watch(IMailFolder folder)
    {
        _watched.Add(folder);
        folder.CountChanged += OnChange;
        folder.UidNextChanged += OnChange;
        folder.UnreadChanged += OnChange;
        folder.HighestModSeqChanged += OnChange;
        folder.Deleted += OnChange;
        folder.Renamed += OnRenamed;
    }

    private void OnChange(object? sender, EventArgs args) => onChange(sender, args);

    private void OnRenamed(object? sender, FolderRenamedEventArgs args) => onChange(sender, args);

    private void OnCreated(object? sender, FolderCreatedEventArgs args)
    {
        Watch(args.Folder);
        onChange(sender, args);
    }
}
