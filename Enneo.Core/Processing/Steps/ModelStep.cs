using Enneo.Core.Analysis;
using Enneo.Core.Spam;

namespace Enneo.Core.Processing.Steps;

/// <summary>The spam model reads the mail, and where it is unsure the language model may be asked too. A conversation that a person called clean is not asked about again.</summary>
public sealed class ModelStep(ModelJudging judging, SecondOpinion second) : IProcessingStep
{
    public string Name => "spam";

    public bool IsForSpam => true;

    public bool IsForReprocessing => false;

    public async Task<StepFinding> RunAsync(ProcessedMail mail, CancellationToken cancellationToken)
    {
        var verdict = await second.ConsiderAsync(mail, await judging.JudgeAsync(mail, cancellationToken), cancellationToken);
        return new StepFinding(
            verdict.NotAsked is null ? StepOutcome.Done : StepOutcome.Skipped,
            new { because = verdict.NotAsked?.ToString(), probability = verdict.Judgement?.Probability, isSpam = verdict.IsSpam },
            (db, token) => judging.WriteAsync(db, mail.Message, verdict, token));
    }
}
