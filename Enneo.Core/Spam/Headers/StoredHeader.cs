using Enneo.Core.Messages;
using Enneo.Core.Storage;
using MimeKit;

namespace Enneo.Core.Spam.Headers;

/// <summary>Reads the header of a mail that came in long ago, for what nobody asked about then.</summary>
internal static class StoredHeader
{
    /// <returns>Null if it cannot be read, or not within its time.</returns>
    public static async Task<HeaderList?> ReadAsync(MessageStore store, StoredSource source, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            using var raw = await store.OpenAsync(source, cancellationToken);
            return MailLimits.Refusal(raw) is not null ? null : await ReadingBudget.RunAsync(raw.Length, () => Read(raw), clock, cancellationToken);
        }
        catch (Exception exception) when (exception is CorruptSourceException or TimeoutException || MailLimits.IsFault(exception))
        {
            return null;
        }
    }

    private static HeaderList Read(MailBytes raw)
    {
        using var message = MailLimits.Load(raw);
        return message.Headers;
    }
}
