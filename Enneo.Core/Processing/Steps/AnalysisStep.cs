using Enneo.Core.Analysis;
using Enneo.Core.Messages;

namespace Enneo.Core.Processing.Steps;

/// <summary>Has the mail read by the language model, where there is one. The model is asked beside the steps: here the mail only begins to wait.</summary>
public sealed class AnalysisStep(MailAnalysing analysing) : IProcessingStep
{
    public string Name => "analysis";

    public bool IsForSpam => false;

    public bool IsForReprocessing => true;

    public async Task<StepFinding> RunAsync(ProcessedMail mail, CancellationToken cancellationToken)
    {
        var because = mail.Message.Automatic is not AutomaticKind.None ? mail.Message.Automatic.ToString()
            : await analysing.IsUsableAsync(cancellationToken) ? null
            : SkipReason.NoModel;
        return new StepFinding(
            because is null ? StepOutcome.Done : StepOutcome.Skipped,
            new { because },
            (db, token) => analysing.BeginAsync(db, mail.Message, asks: because is null, token));
    }
}
