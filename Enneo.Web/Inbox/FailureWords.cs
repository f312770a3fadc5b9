using System.Globalization;
using Enneo.Core.Messages.Bounces;

namespace Enneo.Web.Inbox;

/// <summary>Tells what became of a mail that did not arrive.</summary>
internal static class FailureWords
{
    public static string Of(IReadOnlyList<FailedDelivery> failures)
    {
        if (failures is not [var first, ..])
        {
            return InboxText.DeliveryReport;
        }

        var words = string.Format(CultureInfo.CurrentCulture, Sentence(first), first.Recipient.Length > 0 ? first.Recipient : InboxText.SomeRecipient, Reason(first.Reason));
        var coded = first.Code.Length > 0 && first.Reason is not FailureReason.Complaint ? $"{words} ({first.Code})" : words;
        return failures.Count == 1 ? coded : string.Format(CultureInfo.CurrentCulture, InboxText.AndMore, coded, failures.Count - 1);
    }

    private static string Sentence(FailedDelivery failure) => failure.Reason switch
    {
        FailureReason.Delayed => InboxText.DeliveryDelayed,
        FailureReason.Complaint => InboxText.MarkedAsSpam,
        _ => InboxText.NotDelivered,
    };

    private static string Reason(FailureReason reason) => reason switch
    {
        FailureReason.NoSuchRecipient => InboxText.NoSuchRecipient,
        FailureReason.NoSuchDomain => InboxText.NoSuchDomain,
        FailureReason.Moved => InboxText.RecipientMoved,
        FailureReason.MailboxFull => InboxText.MailboxFull,
        FailureReason.RecipientDisabled => InboxText.RecipientDisabled,
        FailureReason.TooLarge => InboxText.MailTooLarge,
        FailureReason.Refused => InboxText.MailRefused,
        FailureReason.NotReached => InboxText.ServerNotReached,
        _ => InboxText.NoReasonGiven,
    };
}
