namespace Enneo.Core.Spam.Model.Training;

/// <summary>How a model is trained. The defaults are those of the model that is shipped.</summary>
internal sealed record TrainingOptions
{
    public int Seed { get; init; } = 1;

    public int Rounds { get; init; } = 3;

    public double Rate { get; init; } = .3;

    /// <summary>Pulls every weight that is touched towards none.</summary>
    public double Decay { get; init; } = 1e-5;

    /// <summary>How often a group of features is withheld, so that none is relied upon alone.</summary>
    public double Withheld { get; init; } = .25;

    /// <summary>How often a single feature is withheld, so that a mail is known by many small hints and not by a few large ones.</summary>
    public double Hidden { get; init; } = .6;

    /// <summary>Features of fewer mails are chance.</summary>
    public int MinMails { get; init; } = 3;

    /// <summary>The weights are the mean of as many trainings in different orders.</summary>
    public int Passes { get; init; } = 8;

    /// <summary>How often each letter of our own is written in each language.</summary>
    public int LetterCopies { get; init; } = 20;

    /// <summary>What a letter of our own counts against a mail of other people.</summary>
    public double LetterWeight { get; init; } = .7;
}
