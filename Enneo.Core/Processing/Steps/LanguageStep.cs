using Enneo.Core.Messages.Languages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Processing.Steps;

/// <summary>Tells the language of the mail.</summary>
public sealed class LanguageStep(LanguageDetection languages) : IProcessingStep
{
    public string Name => "language";

    public bool IsForSpam => false;

    public bool IsForReprocessing => true;

    public async Task<StepFinding> RunAsync(ProcessedMail mail, CancellationToken cancellationToken)
    {
        var language = languages.Of(await mail.ParseAsync(cancellationToken));
        return new StepFinding(
            StepOutcome.Done,
            new { language },
            (db, token) => db.Messages.Where(m => m.Id == mail.Message.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.Language, language), token));
    }
}
