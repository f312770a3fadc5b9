namespace Enneo.Core.Spam;

/// <summary>A mail that other thresholds would have judged otherwise than it was.</summary>
public sealed record DryRunMail(TrialMail Mail, bool WouldBeSpam);

/// <summary>What thresholds would have made of the mails that came last.</summary>
/// <param name="Count">How many mails the model gives a probability.</param>
/// <param name="Spam">How many of them would have been spam.</param>
/// <param name="Suspicious">How many would have been shown with a warning.</param>
/// <param name="KnownSpam">Of how many a person said that they are spam.</param>
/// <param name="CaughtSpam">How many of those would have been spam.</param>
/// <param name="KnownClean">Of how many a person said that they are none.</param>
/// <param name="HiddenClean">How many of those would have been spam all the same.</param>
/// <param name="Changed">The mails that would have been judged otherwise than they were.</param>
public sealed record DryRunResult(int Count, int Spam, int Suspicious, int KnownSpam, int CaughtSpam, int KnownClean, int HiddenClean, IReadOnlyList<DryRunMail> Changed)
{
    /// <summary>Of the mails of which a person said what they are, how many would have been judged otherwise.</summary>
    public int Wrong => KnownSpam - CaughtSpam + HiddenClean;
}

/// <summary>What a setting would have done with mails that were read once for all settings.</summary>
public static class SpamDryRun
{
    public static DryRunResult Of(TrialMails trial, SpamSettings settings)
    {
        var mails = trial.Mails;
        return new DryRunResult(
            mails.Count,
            mails.Count(IsSpam),
            mails.Count(mail => settings.IsSuspicious(mail.Probability)),
            mails.Count(mail => mail.KnownSpam is true),
            mails.Count(mail => mail.KnownSpam is true && IsSpam(mail)),
            mails.Count(mail => mail.KnownSpam is false),
            mails.Count(mail => mail.KnownSpam is false && IsSpam(mail)),
            [.. mails.Where(mail => IsSpam(mail) != mail.WasSpam).Select(mail => new DryRunMail(mail, IsSpam(mail)))]);

        bool IsSpam(TrialMail mail) => settings.IsSpam(mail.Probability);
    }
}
