using Enneo.Core.Spam.Model.Features;

namespace Enneo.Core.Spam.Model;

/// <summary>What the model thinks of a mail, and why.</summary>
/// <param name="Probability">That it is spam.</param>
/// <param name="For">The strongest reasons to think it spam, strongest first.</param>
/// <param name="Against">The strongest reasons to think it wanted.</param>
public sealed record Judgement(double Probability, IReadOnlyList<Reason> For, IReadOnlyList<Reason> Against)
{
    /// <summary>The hosts to which its links lead, shown or not, in lower case.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}

public enum ReasonKind
{
    /// <summary>A word of the text, or two that stand together.</summary>
    Words,

    SubjectWords,
    SenderName,
    SenderDomain,

    /// <summary>The last part of the sender's domain, such as top.</summary>
    SenderEnding,

    LinkHost,
    LinkEnding,
    LinkWords,

    /// <summary>See <see cref="Reason.Sign"/>.</summary>
    Sign,
}

/// <summary>One reason, to be put into words where it is shown.</summary>
/// <param name="Argument">What it is about: the word, the host, or of a link that shows one host and goes to another both, with a space between.</param>
/// <param name="Weight">What it adds to the evidence; above nothing for spam.</param>
public sealed record Reason(ReasonKind Kind, string Argument, double Weight)
{
    public Sign? Sign { get; init; }
}
