using System.Globalization;
using Enneo.Core.Messages;

namespace Enneo.Core.Automations;

/// <summary>The text of an automatic answer: <c>%NAME%</c>, <c>%SUBJECT%</c> and <c>%TICKET%</c> stand for those of the mail.</summary>
internal static class ReplyTemplate
{
    public const int MaxLength = 20_000;

    public static string Fill(string template, Message answered) => template
        .Replace("%NAME%", answered.FromName.Length > 0 ? answered.FromName : answered.FromAddress, StringComparison.Ordinal)
        .Replace("%SUBJECT%", answered.Subject, StringComparison.Ordinal)
        .Replace("%TICKET%", answered.TicketId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
