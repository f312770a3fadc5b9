using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Sending;

public enum DraftMode
{
    Reply,
    ReplyAll,

    /// <summary>The other mail stands below the text, its files are taken along.</summary>
    Forward,

    /// <summary>The other mail travels whole, as a file.</summary>
    ForwardAsAttachment,

    /// <summary>Answers nothing: its ticket opens when it is sent.</summary>
    New,

    /// <summary>Never sent: for the others who work on the ticket.</summary>
    Note,

    /// <summary>Never sent either: what a note shall say instead.</summary>
    NoteChange,
}

public static class DraftModes
{
    /// <summary>What is never sent.</summary>
    internal static readonly DraftMode[] OfNotes = [DraftMode.Note, DraftMode.NoteChange];

    /// <summary>Drafts of these become one another: a ticket has one of them at most.</summary>
    internal static readonly DraftMode[] OfMail = [.. Enum.GetValues<DraftMode>().Except(OfNotes)];

    /// <summary>Whether it is for the others who work on the ticket, and is never sent.</summary>
    public static bool IsNote(this DraftMode mode) => mode is DraftMode.Note or DraftMode.NoteChange;
}

/// <summary>A mail being written; kept on the server as it is typed.</summary>
public sealed class Draft : IInMailbox
{
    public long Id { get; init; }

    /// <summary>Whose mail it will be; only a new message may change it.</summary>
    public required long MailboxId { get; set; }

    /// <summary>Null for a new message: the ticket opens when it is sent.</summary>
    public required long? TicketId { get; init; }

    /// <summary>The message that is answered or forwarded: stands below when sending. Null for a new message.</summary>
    public required long? AnsweredMessageId { get; set; }

    public required long AuthorId { get; init; }
    public required DraftMode Mode { get; set; }

    /// <summary>An address of the mailbox; empty for its main one.</summary>
    public string FromAddress { get; set; } = "";

    public required IReadOnlyList<MailAddress> To { get; set; }
    public IReadOnlyList<MailAddress> Cc { get; set; } = [];
    public IReadOnlyList<MailAddress> Bcc { get; set; } = [];
    public required string Subject { get; set; }

    /// <summary>Sanitised HTML of the new text only, without quote and signature.</summary>
    public string Html { get; set; } = "";

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Counts the saves, so that an older save that arrives late is dropped.</summary>
    public int Revision { get; set; }

    /// <summary>Set when it was handed to the outbox; a draft is sent once.</summary>
    public long? OutgoingMessageId { get; set; }
}

internal sealed class DraftConfiguration : IEntityTypeConfiguration<Draft>
{
    public void Configure(EntityTypeBuilder<Draft> draft)
    {
        draft.ToTable("drafts");
        draft.HasIndex(d => new { d.TicketId, d.AuthorId });
        draft.HasIndex(d => new { d.AuthorId, d.UpdatedAt });
    }
}
