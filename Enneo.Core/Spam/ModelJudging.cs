using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Processing;
using Enneo.Core.Spam.Model;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>What the second stage says about a mail.</summary>
/// <param name="NotAsked">Why the model was not asked; null where it was.</param>
/// <param name="Judgement">Null where it was not asked.</param>
public sealed record ModelVerdict(NotAsked? NotAsked, Judgement? Judgement, SpamSettings Settings)
{
    /// <summary>What moved its probability; null where nobody else was asked.</summary>
    public SpamOpinion? Opinion { get; init; }

    public bool IsSpam => Judgement is { Probability: var probability } && Settings.IsSpam(probability);

    public bool IsSuspicious => Judgement is { Probability: var probability } && Settings.IsSuspicious(probability);
}

/// <summary>A second opinion that was added to the evidence.</summary>
/// <param name="Alone">The probability without it.</param>
/// <param name="Reason">In the language model's words, one line; empty where it gave none.</param>
public sealed record SpamOpinion(double Alone, string Reason);

/// <summary>The second stage: the model reads what no other word was said about. What it cannot say never makes a mail spam.</summary>
public sealed class ModelJudging(IDbContextFactory<EnneoDbContext> dbFactory, SpamLearning learning, MessageFiling filing, TimeProvider clock)
{
    private const string Origin = "spam";

    public async Task<ModelVerdict> JudgeAsync(ProcessedMail mail, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var settings = await SpamSettings.ReadAsync(db, cancellationToken);
        if (await WhyNotAsync(db, mail.Message, mail.Mailbox, settings, cancellationToken) is { } because)
        {
            return new ModelVerdict(because, null, settings);
        }

        var judgement = await learning.JudgeAsync(await mail.ReadAsync(cancellationToken), cancellationToken);
        return new ModelVerdict(judgement is null ? NotAsked.Unreadable : null, judgement, settings);
    }

    /// <summary>Within a transaction of the writer lane. What a person has said meanwhile stands.</summary>
    internal async Task WriteAsync(EnneoDbContext db, Message message, ModelVerdict verdict, CancellationToken cancellationToken)
    {
        await KeepAsync(db, message, verdict, cancellationToken);
        if (await db.Tickets.SingleOrDefaultAsync(t => db.Messages.Any(m => m.Id == message.Id && m.TicketId == t.Id), cancellationToken) is { } ticket
            && await StatusAfterAsync(db, ticket, message.Id, verdict, cancellationToken) is { } status)
        {
            var why = verdict.NotAsked is { } because ? (SpamWhy.NotAsked, because.ToString()) : (SpamWhy.Stage, (object?)nameof(SpamStage.Model));
            SpamTransition transition = new(db, filing, clock);
            await (status is SpamStatus.AutoClean
                ? transition.ReleaseAsync(ticket, Actor.System, Origin, why, cancellationToken)
                : transition.ApplyAsync(ticket, status, Actor.System, Origin, why, cancellationToken));
        }
    }

    private static async Task<NotAsked?> WhyNotAsync(EnneoDbContext db, Message message, Mailbox mailbox, SpamSettings settings, CancellationToken cancellationToken)
    {
        var ticket = await db.Tickets.AsNoTracking().SingleAsync(t => t.Id == message.TicketId, cancellationToken);
        if (ticket.SpamStatus.IsManual())
        {
            return NotAsked.PersonDecided;
        }

        if (await db.SpamVerdicts.AnyAsync(v => v.MessageId == message.Id && v.Stage != SpamStage.Model && v.IsSpam == true, cancellationToken))
        {
            return NotAsked.AlreadySpam;
        }

        if (ticket.LastSentAt is not null)
        {
            return NotAsked.Answered;
        }

        var knowledge = SenderKnowledge.Read(db, mailbox, [message.FromAddress]);
        return knowledge.IsTrusted(message.FromAddress) ? NotAsked.TrustedSender
            : knowledge.IsCorrespondent(message.FromAddress) ? NotAsked.Correspondent
            : settings.Model && mailbox.Spam.Model ? null
            : NotAsked.SwitchedOff;
    }

    /// <returns>Null where the ticket stays what it is.</returns>
    private static async Task<SpamStatus?> StatusAfterAsync(EnneoDbContext db, Ticket ticket, long messageId, ModelVerdict verdict, CancellationToken cancellationToken)
    {
        if (ticket.SpamStatus.IsManual() || verdict.NotAsked is NotAsked.SwitchedOff or NotAsked.Unreadable or NotAsked.AlreadySpam or NotAsked.PersonDecided)
        {
            return null;
        }

        if (!verdict.IsSpam)
        {
            return verdict.NotAsked is null && ticket.SpamStatus is SpamStatus.AutoProgrammatic ? null : SpamStatus.AutoClean; // a block, or the server's junk folder, is not the model's to open
        }

        var opens = ticket.LastSentAt is null
            && !await db.Messages.AnyAsync(m => m.TicketId == ticket.Id && m.Direction == MessageDirection.In && m.Id < messageId, cancellationToken);
        return opens ? SpamStatus.AutoSpam : null; // a later mail never hides a conversation
    }

    /// <summary>What its arrival said about a mail is not written over, nor what the model said once it is not asked any more, but for mass mail that turns out to be spam.</summary>
    private async Task KeepAsync(EnneoDbContext db, Message message, ModelVerdict verdict, CancellationToken cancellationToken)
    {
        var kept = await db.SpamVerdicts.SingleOrDefaultAsync(v => v.MessageId == message.Id, cancellationToken);
        if (kept is { Stage: not SpamStage.Model } && (kept.IsSpam == true || !verdict.IsSpam))
        {
            return;
        }

        if (kept is { Probability: not null } && verdict.NotAsked is not null)
        {
            return; // that it is not asked again takes nothing back of what it said
        }

        if (kept is null)
        {
            kept = new SpamVerdict { MessageId = message.Id, MailboxId = message.MailboxId, Stage = SpamStage.Model, JudgedAt = clock.GetUtcNow() };
            db.SpamVerdicts.Add(kept);
        }

        (kept.Stage, kept.Rule, kept.Evidence, kept.JudgedAt) = (SpamStage.Model, null, "", clock.GetUtcNow());
        kept.NotAsked = verdict.NotAsked;
        kept.IsSpam = verdict.Judgement is null ? null : verdict.IsSpam;
        kept.IsSuspicious = verdict.IsSuspicious;
        kept.Probability = verdict.Judgement?.Probability;
        (kept.ProbabilityAlone, kept.OpinionReason) = (verdict.Opinion?.Alone, verdict.Opinion?.Reason ?? "");
        kept.Reasons = verdict.Judgement is { } judgement ? SpamReasons.ToJson(judgement) : "[]";
        await db.SaveChangesAsync(cancellationToken);
    }
}
