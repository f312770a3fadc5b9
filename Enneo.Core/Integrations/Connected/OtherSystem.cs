using Enneo.Core.Messages;

namespace Enneo.Core.Integrations.Connected;

/// <summary>What kind of message the other system has. What it says nothing clear of is a note: what was private is never shown.</summary>
internal enum OtherMessageKind
{
    Note,
    In,
    Out,
}

/// <summary>A ticket as the other system has it now.</summary>
/// <param name="MergedInto">Which of its tickets it has become.</param>
/// <param name="OurName">By which we told it; null for one of its own.</param>
/// <param name="Version">For a change of this very state; null where it knows none.</param>
/// <param name="Customer">Whom it is with.</param>
internal sealed record OtherTicket(string Id, string? MergedInto, string? OurName, string? Version, MailAddress? Customer)
{
    public required string Subject { get; init; }
    public string? Status { get; init; }
    public string? Priority { get; init; }
    public string? Assignee { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Tags that it can give; null where it makes those that it is told.</summary>
    public IReadOnlySet<string>? KnownTags { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<OtherMessage> Messages { get; init; } = [];

    public string? this[SyncedField field] => field switch
    {
        SyncedField.Status => Status,
        SyncedField.Priority => Priority,
        SyncedField.Assignee => Assignee,
        SyncedField.Subject => Subject,
        _ => null,
    };
}

/// <summary>A message as the other system has it.</summary>
/// <param name="OurName">By which we told it; null for one of its own.</param>
/// <param name="WasMailed">It has mailed it to the customer, or will.</param>
internal sealed record OtherMessage(string Id, string? OurName, OtherMessageKind Kind, bool WasMailed)
{
    public required MailAddress From { get; init; }

    /// <summary>Empty where it does not say; so is <see cref="Cc"/>.</summary>
    public IReadOnlyList<MailAddress> To { get; init; } = [];

    public IReadOnlyList<MailAddress> Cc { get; init; } = [];

    /// <summary>Empty where it does not say.</summary>
    public string Subject { get; init; } = "";

    public required string Text { get; init; }
    public required bool IsHtml { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? InternetMessageId { get; init; }

    /// <summary>It lies in the trash.</summary>
    public bool IsDeleted { get; init; }

    public IReadOnlyList<OtherFile> Files { get; init; } = [];
}

/// <param name="Size">In bytes; null where it does not say.</param>
/// <param name="Address">From where its bytes are fetched, with the credential.</param>
internal sealed record OtherFile(string Name, string ContentType, long? Size, string Address)
{
    /// <summary>Of its bytes, in lower-case hex; null where it does not say.</summary>
    public string? Sha256 { get; init; }
}

/// <summary>A message that the other system is to have.</summary>
/// <param name="Name">By which it is known again.</param>
internal sealed record GivenMessage(string Name, OtherMessageKind Kind)
{
    /// <summary>The other system is to mail it; else it is only kept.</summary>
    public bool IsToBeMailed { get; init; }

    /// <summary>It must not be public there: it would be mailed a second time.</summary>
    public bool IsHidden { get; init; }

    public required MailAddress From { get; init; }
    public IReadOnlyList<MailAddress> To { get; init; } = [];
    public IReadOnlyList<MailAddress> Cc { get; init; } = [];
    public IReadOnlyList<MailAddress> Bcc { get; init; } = [];
    public required string Subject { get; init; }
    public required string Text { get; init; }
    public required bool IsHtml { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? InternetMessageId { get; init; }
    public IReadOnlyList<GivenFile> Files { get; init; } = [];
}

/// <summary>What changes of the files of a note.</summary>
/// <param name="Removed">Of those that it has.</param>
internal sealed record ChangedFiles(IReadOnlyList<GivenFile> Added, IReadOnlyList<OtherFile> Removed);

internal sealed record GivenFile(string Name, string ContentType, byte[] Bytes);

/// <summary>What is changed of a ticket there, in its words.</summary>
/// <param name="Tags">All that it shall have; null leaves them.</param>
internal sealed record GivenFields(IReadOnlyDictionary<SyncedField, string?> Values, IReadOnlyCollection<string>? Tags)
{
    public bool IsEmpty => Values.Count == 0 && Tags is null;
}

/// <summary>The language of another system. Where it knows our names, what is called twice under the same name is done once; else who calls looks first whether it is there.</summary>
internal interface IOtherSystem
{
    /// <summary>Whether a note can be changed once it is there.</summary>
    bool MayEdit { get; }

    /// <returns>Null if it has no such ticket.</returns>
    Task<OtherTicket?> ReadAsync(OtherCalls calls, string ticketId, CancellationToken cancellationToken);

    /// <summary>Whether it knows tickets and messages by our names; else one whose answer was lost must be looked for.</summary>
    bool KnowsNames { get; }

    /// <param name="begun">When it was tried first, so that it may be there; null where this is the first time.</param>
    /// <returns>What it calls the new ticket, and its first message.</returns>
    /// <exception cref="OtherSystemException">Also where a mail that was begun is not found, and would be mailed twice.</exception>
    Task<(string TicketId, string? MessageId)> OpenAsync(OtherCalls calls, string name, GivenMessage first, DateTimeOffset? begun, CancellationToken cancellationToken);

    /// <returns>What it calls the message.</returns>
    Task<string> AddAsync(OtherCalls calls, string ticketId, GivenMessage message, CancellationToken cancellationToken);

    /// <summary>Only while the ticket is as it was read, where it can tell.</summary>
    Task ChangeAsync(OtherCalls calls, OtherTicket ticket, GivenFields fields, CancellationToken cancellationToken);

    /// <summary>Gives a note another text, and other files.</summary>
    /// <exception cref="OtherSystemException">It does not let us.</exception>
    Task EditAsync(OtherCalls calls, string ticketId, string messageId, string text, bool isHtml, ChangedFiles files, CancellationToken cancellationToken);

    /// <summary>Takes a note away, or puts mail to the trash; what is gone already is gone.</summary>
    /// <exception cref="OtherSystemException">It does not let us.</exception>
    Task DeleteAsync(OtherCalls calls, string ticketId, string messageId, CancellationToken cancellationToken);

    /// <returns>In which of its tickets a message lies; null where it has no such message, or cannot say.</returns>
    Task<string?> WhereAsync(OtherCalls calls, string messageId, CancellationToken cancellationToken);

    /// <summary>Makes a ticket of its own of some messages of one.</summary>
    /// <param name="name">By which the new ticket is known again.</param>
    /// <returns>What it calls the new ticket; null where it cannot do that.</returns>
    Task<string?> SplitAsync(OtherCalls calls, string ticketId, IReadOnlyList<string> messageIds, string name, CancellationToken cancellationToken);

    /// <summary>Folds one ticket into another; nothing where it cannot do that.</summary>
    /// <exception cref="OtherSystemException">It does not let us.</exception>
    Task MergeAsync(OtherCalls calls, string from, string into, CancellationToken cancellationToken);

    /// <summary>Takes a message over to another ticket.</summary>
    /// <returns>Whether it can do that.</returns>
    /// <exception cref="OtherSystemException">It does not let us.</exception>
    Task<bool> MoveAsync(OtherCalls calls, string ticketId, string messageId, string into, CancellationToken cancellationToken);
}
