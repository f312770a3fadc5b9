using System.Globalization;
using Enneo.Core.Messages;

namespace Enneo.Core.Search;

/// <summary>A message as the index knows it.</summary>
/// <param name="Sender">A line each: name, address, whom to answer.</param>
public sealed record SearchDocument(
    long MessageId, long MailboxId, DateTimeOffset ReceivedAt, string Subject, string Sender, string Recipients, IReadOnlyList<string> FileNames, bool HasAttachments, string Text)
{
    /// <summary>Stands in the scope of every mail, so that a search for no word finds all of them.</summary>
    public const string AnyMail = "mail";

    public const string WithAttachment = "attachment";

    private const int MaxParties = 200;

    /// <summary>What narrows a search and never changes: words in a column of their own.</summary>
    public string Scope => $"{AnyMail} {InMailbox(MailboxId)}{(HasAttachments ? " " + WithAttachment : "")}";

    /// <summary>The word that stands for a mailbox in the scope of its mails.</summary>
    public static string InMailbox(long mailboxId) => string.Create(CultureInfo.InvariantCulture, $"m{mailboxId}");

    /// <summary>Mail that comes in.</summary>
    public static SearchDocument Of(long messageId, long mailboxId, DateTimeOffset receivedAt, ParsedMessage parsed) => new(
        messageId,
        mailboxId,
        receivedAt,
        parsed.Subject,
        SenderOf(parsed.FromName, parsed.FromAddress, parsed.ReplyTo),
        PartiesOf(parsed.To.Concat(parsed.Cc).Concat(parsed.Bcc)),
        parsed.FileNames,
        parsed.HasAttachments,
        parsed.Text);

    /// <summary>A message of ours, which knows more of its recipients than its source says.</summary>
    public static SearchDocument Of(Message message, ParsedMessage parsed) => new(
        message.Id,
        message.MailboxId,
        message.ReceivedAt,
        message.Subject,
        SenderOf(message.FromName, message.FromAddress, message.ReplyTo),
        PartiesOf(message.To.Concat(message.Cc).Concat(message.Bcc)),
        parsed.FileNames,
        message.HasAttachments,
        parsed.Text);

    private static string SenderOf(string name, string address, IReadOnlyList<MailAddress> replyTo) =>
        replyTo.Count == 0 ? $"{name}\n{address}" : $"{name}\n{address}\n{PartiesOf(replyTo)}";

    private static string PartiesOf(IEnumerable<MailAddress> parties) =>
        string.Join(", ", parties.Take(MaxParties).Select(party => party.Name.Length > 0 ? $"{party.Name} {party.Address}" : party.Address));
}
