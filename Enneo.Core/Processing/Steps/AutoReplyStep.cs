using Enneo.Core.Automations;

namespace Enneo.Core.Processing.Steps;

/// <summary>Answers by what the mailbox says, once per sender and ticket. After "not spam" nothing leaves by itself.</summary>
public sealed class AutoReplyStep(MailboxReplies replies) : IProcessingStep
{
    public string Name => "autoReply";

    public bool IsForSpam => false;

    public bool IsForReprocessing => true;

    public async Task<StepFinding> RunAsync(ProcessedMail mail, CancellationToken cancellationToken)
    {
        var (reply, whyNot) = await replies.PrepareAsync(mail.Message, mail.Mailbox, await mail.ReadAsync(cancellationToken), cancellationToken);
        return reply is null
            ? new StepFinding(StepOutcome.Skipped, new { because = whyNot?.ToString() })
            : mail.IsProposedOnly
                ? new StepFinding(StepOutcome.Proposed, new { to = reply.Recipient.Address }, (db, token) => replies.ProposeAsync(db, reply, token))
                : new StepFinding(StepOutcome.Done, new { to = reply.Recipient.Address }, (db, token) => replies.QueueAsync(db, reply, token));
    }
}
