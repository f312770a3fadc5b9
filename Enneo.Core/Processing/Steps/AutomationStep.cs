using Enneo.Core.Automations;

namespace Enneo.Core.Processing.Steps;

/// <summary>Does what automations say; where a person called the conversation clean it is only proposed.</summary>
public sealed class AutomationStep(AutomationRunning running) : IProcessingStep
{
    public string Name => "automations";

    public bool IsForSpam => false;

    public bool IsForReprocessing => true;

    public async Task<StepFinding> RunAsync(ProcessedMail mail, CancellationToken cancellationToken)
    {
        var met = await running.FindAsync(mail.Message, mail.Mailbox, await mail.ReadAsync(cancellationToken), mail.IsProposedOnly, cancellationToken);
        return new StepFinding(
            met.Count > 0 && mail.IsProposedOnly ? StepOutcome.Proposed : StepOutcome.Done,
            new { automations = met.Select(found => new { id = found.Automation.Id, name = found.Automation.Name }) },
            (db, token) => running.ApplyAsync(db, mail.Message, met, mail.IsProposedOnly, token));
    }
}
