using Enneo.Core.Spam;

namespace Enneo.Core.Processing.Steps;

/// <summary>The spam model reads the mail. A conversation that a person called clean is not asked about again.</summary>
public sealed class ModelStep(ModelJudging judging) : IProcessingStep
{
    public string Name => "spam";

    public bool IsForSpam => true;

    public bool IsForReprocessing => false;

    public async Task<StepFinding> RunAsync(ProcessedMail mail, CancellationToken cancellationToken)
    {
        var verdict = await judging.JudgeAsync(mail, cancellationToken);
        return new StepFinding(
            verdict.NotAsked is null ? StepOutcome.Done : StepOutcome.Skipped,
            new { because = verdict.NotAsked?.ToString(), probability = verdict.Judgement?.Probability, isSpam = verdict.IsSpam },
            (db, token) => judging.WriteAsync(db, mail.Message, verdict, token));
    }
}
