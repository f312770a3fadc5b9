using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tags;

namespace Enneo.Web.Inbox;

/// <summary>Who and what a conversation can go to: known to every part of the page.</summary>
public sealed record InboxDirectory(IReadOnlyList<Person> People, IReadOnlyList<FolderListing> Folders)
{
    public static readonly InboxDirectory Empty = new([], []);

    /// <summary>The tree from the top.</summary>
    public IReadOnlyList<TagListing> Tags { get; init; } = [];

    /// <summary>Those of our mailboxes, in lower case: nobody is offered to block them.</summary>
    public IReadOnlySet<string> OwnDomains { get; init; } = new HashSet<string>();

    /// <summary>Programs that may have done something, by the accounts of their keys.</summary>
    public IReadOnlyDictionary<long, string> Programs { get; init; } = new Dictionary<long, string>();

    public TagListing? Tag(long? tagId) => Tags.FirstOrDefault(tag => tag.Id == tagId);

    /// <returns>Null for nobody; a name also for a program, and for somebody who is not among the people any more.</returns>
    public string? NameOf(long? personId) => personId is not { } id ? null : People.FirstOrDefault(person => person.Id == id)?.DisplayName ?? Programs.GetValueOrDefault(id) ?? InboxText.Somebody;

    public FolderListing? Folder(long? folderId) => Folders.FirstOrDefault(folder => folder.Id == folderId);

    public IEnumerable<FolderListing> FoldersOf(long mailboxId) => Folders.Where(folder => folder.MailboxId == mailboxId);
}
