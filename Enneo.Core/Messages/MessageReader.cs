using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages.Authentication;
using Enneo.Core.Messages.Bounces;
using Enneo.Core.Messages.Calendar;
using Enneo.Core.Messages.Quotes;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Messages;

/// <summary>A mail as a person reads it.</summary>
/// <param name="Html">Not sanitised; null when it has no HTML part. Only <see cref="MailHtml"/> may turn it into something to show.</param>
/// <param name="Text">The plain text, or the text of the HTML.</param>
/// <param name="Unreadable">Why only the source can be shown.</param>
public sealed record MessageContent(long MessageId, string? Html, string Text, IReadOnlyList<MessagePart> Parts, string? Unreadable)
{
    /// <summary>Its subject says that it was passed on: what looks like a quote is what was sent.</summary>
    public bool IsForward { get; init; }

    /// <summary>What our receiving server found out about its sender; null where nothing is known.</summary>
    public SenderAuthentication? Authentication { get; init; }

    /// <summary>The first event of its calendar part.</summary>
    public Invitation? Invitation { get; init; }

    public MailWrapping Wrapping { get; init; }

    /// <summary>Of a bounce: whom the mail that it returns did not reach, and why.</summary>
    public IReadOnlyList<FailedDelivery> Failures { get; init; } = [];
}

/// <summary>A part that is not the body.</summary>
/// <param name="Index">Its place among the parts: its address within the message.</param>
/// <param name="Name">Cleaned file name, never empty.</param>
/// <param name="Size">Decoded bytes.</param>
/// <param name="IsInline">Shown within the body, or opened into what it holds; not listed as an attachment.</param>
/// <param name="ContentId">Without brackets.</param>
public sealed record MessagePart(int Index, string Name, string ContentType, long Size, bool IsInline, string? ContentId)
{
    /// <summary>Of the decoded bytes, in lower-case hex.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>The decoded bytes of one part.</summary>
public sealed record PartContent(string Name, string ContentType, byte[] Bytes);

/// <summary>Reads a stored mail for the screen, from its source.</summary>
public sealed class MessageReader(IDbContextFactory<EnneoDbContext> dbFactory, MessageStore store, TimeProvider clock)
{
    private readonly ReadMails _read = new();

    /// <returns>Null if there is no such message.</returns>
    public async Task<MessageContent?> FindAsync(Reach reach, long messageId, CancellationToken cancellationToken)
    {
        if (await FindRowAsync(reach, messageId, cancellationToken) is not { } row)
        {
            return null;
        }

        if (row.Unreadable is not null)
        {
            return new(messageId, null, "", [], row.Unreadable);
        }

        var isBounce = row.Automatic is AutomaticKind.Bounce;
        if (_read.Find(row.Source, isBounce) is { } known)
        {
            return known with { MessageId = messageId, IsForward = ForwardSubject.Is(row.Subject) };
        }

        using var raw = await store.OpenAsync(row.Source, cancellationToken);
        try
        {
            var content = await ReadingBudget.RunAsync(raw.Length, () => Read(messageId, raw, isBounce), clock, cancellationToken);
            _read.Keep(row.Source, isBounce, content);
            return content with { IsForward = ForwardSubject.Is(row.Subject) };
        }
        catch (TimeoutException)
        {
            return new(messageId, null, "", [], MessageText.TookTooLong);
        }
        catch (Exception exception) when (MailLimits.IsFault(exception))
        {
            return new(messageId, null, "", [], MessageText.NotAMail);
        }
    }

    /// <returns>Null if there is no such message or part.</returns>
    public async Task<PartContent?> FindPartAsync(Reach reach, long messageId, int index, CancellationToken cancellationToken)
    {
        if (await FindRowAsync(reach, messageId, cancellationToken) is not { Unreadable: null } row)
        {
            return null;
        }

        using var raw = await store.OpenAsync(row.Source, cancellationToken);
        try
        {
            return await ReadingBudget.RunAsync(raw.Length, () => MessageBody.ReadPart(raw, index), clock, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException || MailLimits.IsFault(exception))
        {
            return null;
        }
    }

    /// <returns>All fields of its header; empty if they cannot be read, or if there is no such message.</returns>
    public async Task<IReadOnlyList<MessageHeader>> FindHeadersAsync(Reach reach, long messageId, CancellationToken cancellationToken)
    {
        if (await FindRowAsync(reach, messageId, cancellationToken) is not { Unreadable: null } row)
        {
            return [];
        }

        using var raw = await store.OpenAsync(row.Source, cancellationToken);
        try
        {
            return await ReadingBudget.RunAsync(raw.Length, () => MessageHeaders.Read(raw), clock, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException || MailLimits.IsFault(exception))
        {
            return [];
        }
    }

    /// <returns>The raw RFC 5322 bytes, or null if there is no such message.</returns>
    public async Task<MailBytes?> FindSourceAsync(Reach reach, long messageId, CancellationToken cancellationToken) =>
        await FindRowAsync(reach, messageId, cancellationToken) is { } row ? await store.OpenAsync(row.Source, cancellationToken) : null;

    private static MessageContent Read(long messageId, MailBytes raw, bool isBounce)
    {
        using var message = MailLimits.Load(raw);
        var body = MessageBody.Collect(message);
        var (html, text, parts) = body.Describe();
        return new(messageId, html, text, parts, null)
        {
            Authentication = SenderAuthentication.Of(message),
            Invitation = body.FindInvitation(),
            Wrapping = body.Wrapping,
            Failures = isBounce ? FailedDelivery.Of(message) : [],
        };
    }

    private async Task<Row?> FindRowAsync(Reach reach, long messageId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await (
            from message in reach.Of(db.Messages)
            join source in db.Sources on message.SourceId equals source.Id
            where message.Id == messageId
            select new Row(source, message.Subject, message.Automatic, message.Unreadable)).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
    }

    private sealed record Row(StoredSource Source, string Subject, AutomaticKind Automatic, string? Unreadable);
}
