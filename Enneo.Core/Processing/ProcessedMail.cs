using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Storage;

namespace Enneo.Core.Processing;

/// <summary>A mail on its way through the steps. What it holds is as it was read at the beginning of a step.</summary>
public sealed class ProcessedMail(ProcessingRun run, Message message, Mailbox mailbox, StoredSource source, MessageStore store, MessageParser parser) : IDisposable
{
    private MailBytes? _raw;
    private ParsedMessage? _parsed;

    public ProcessingRun Run => run;

    /// <summary>Detached.</summary>
    public Message Message => message;

    /// <summary>Detached.</summary>
    public Mailbox Mailbox => mailbox;

    /// <summary>What it finds is proposed to people; nothing is done by itself.</summary>
    public bool IsProposedOnly => run.Cause is ProcessingCause.CalledClean;

    /// <summary>Its bytes, read once. They belong to this object.</summary>
    /// <exception cref="CorruptSourceException">They are not those that were stored.</exception>
    public async Task<MailBytes> ReadAsync(CancellationToken cancellationToken) => _raw ??= await store.OpenAsync(source, cancellationToken);

    /// <inheritdoc cref="ReadAsync"/>
    public async Task<ParsedMessage> ParseAsync(CancellationToken cancellationToken) =>
        _parsed ??= await parser.ParseAsync(await ReadAsync(cancellationToken), cancellationToken);

    public void Dispose() => _raw?.Dispose();
}
