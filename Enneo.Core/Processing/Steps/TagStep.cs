using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Tags;
using Enneo.Core.Tags.Detection;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Processing.Steps;

/// <summary>Gives the mail's ticket its tags: to spam those for spam, else what was found, else the default one.</summary>
public sealed class TagStep(IDbContextFactory<EnneoDbContext> dbFactory, TagDetection detection, AutomaticTags tags) : IProcessingStep
{
    private const string Origin = "tags";

    public string Name => TagsAsSeen.Step;

    public bool IsForSpam => true;

    public bool IsForReprocessing => true;

    public async Task<StepFinding> RunAsync(ProcessedMail mail, CancellationToken cancellationToken)
    {
        if (mail.Message.Automatic is AutomaticKind.AutoReply or AutomaticKind.Bounce && await FollowsAsync(mail.Message, cancellationToken))
        {
            return new StepFinding(StepOutcome.Skipped, new { because = mail.Message.Automatic.ToString() });
        }

        var (findings, before) = await detection.DetectAsync(mail.Message.Id, await mail.ReadAsync(cancellationToken), cancellationToken);
        return new StepFinding(
            StepOutcome.Done,
            new { tags = findings.Select(finding => new { id = finding.TagId, by = finding.Source.ToString() }), seen = before.Seen, takenOff = before.TakenOff },
            async (db, token) =>
            {
                if (await db.Messages.Where(m => m.Id == mail.Message.Id).Select(m => (long?)m.TicketId).SingleOrDefaultAsync(token) is { } ticketId)
                {
                    await tags.GiveAsync(db, ticketId, findings, Origin, token);
                }
            });
    }

    /// <summary>An event says nothing of what its ticket is about, unless the ticket began with it: programs write for contact forms and shops too.</summary>
    private async Task<bool> FollowsAsync(Message message, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Messages.AnyAsync(m => m.TicketId == message.TicketId && m.Id < message.Id && m.Direction != MessageDirection.Internal, cancellationToken);
    }
}
