using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Tags;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam;

/// <summary>What comes in in any order, and a mailbox that does all that it can with it.</summary>
internal static class SpamSequence
{
    private const int Recent = 10;

    private static readonly ConditionGroup s_all = new(false, [new(ConditionField.Subject, ConditionOperator.Contains, ["mail"])], []);

    /// <summary>A tag, a note and an answer for every mail, a default tag, and one for spam.</summary>
    public static async Task DoByItselfAsync(TagEditing tags, AutomationEditing automations, long mailboxId, CancellationToken cancellationToken)
    {
        Assert.True((await tags.AddAsync(new TagInput { Name = "Any", Detection = TagDetectionMode.Conditions, Conditions = s_all }, Actor.Operator, "test", cancellationToken)).Succeeded);
        Assert.True((await tags.AddAsync(new TagInput { Name = "Default", IsDefault = true }, Actor.Operator, "test", cancellationToken)).Succeeded);
        Assert.True((await tags.AddAsync(new TagInput { Name = "Junk", IsSpam = true }, Actor.Operator, "test", cancellationToken)).Succeeded);
        Assert.Empty((await automations.AddAsync(
            new AutomationInput { Name = "Note", IsEnabled = true, Conditions = s_all, Actions = [new(AutomationActionKind.Note) { Text = "Seen." }] }, Actor.Operator, "test", cancellationToken)).Errors);
        Assert.True(await automations.SetAutoReplyAsync(mailboxId, true, "We got it.", Actor.Operator, "test", cancellationToken));
    }

    /// <returns>The Message-ID of one of the last mails that came in; null where there is none.</returns>
    public static async Task<string?> AnyReceivedAsync(EnneoDbContext db, Random random, CancellationToken cancellationToken)
    {
        var last = await db.Messages.Where(m => m.Direction == MessageDirection.In).OrderByDescending(m => m.Id).Select(m => m.InternetMessageId).Take(Recent).ToListAsync(cancellationToken);
        return last.Count == 0 ? null : last[random.Next(last.Count)];
    }

    /// <summary>Of any kind: for the model, for the header rules, or wanted.</summary>
    /// <param name="answered">The Message-ID of a mail of which it is a further one; null for none.</param>
    public static MimeMessage Mail(Random random, int number, string? answered)
    {
        var subject = string.Create(CultureInfo.InvariantCulture, $"mail {number}");
        var mail = random.Next(4) switch
        {
            0 => Obvious(subject, $"deals{number}@pills.top"),
            1 => Wanted(subject).With("X-Spam-Flag", "YES"),
            _ => Wanted(subject, $"person{number}@customer.example"),
        };
        return string.IsNullOrEmpty(answered) ? mail : mail.With("In-Reply-To", $"<{answered}>");
    }
}
