using Enneo.Core.Spam.Model.Features;
using Enneo.Core.Storage;

namespace Enneo.Core.Spam.Model;

/// <summary>A mail that a person judged.</summary>
public sealed record Lesson(MailBytes Raw, bool IsSpam);

/// <summary>
/// Learns from corrections, a few small steps each until the judgement is right with a margin. The order counts, so that
/// the same lessons always teach the same: undoing one, or a new model, is learning the others again.
/// </summary>
public sealed class LocalLearning(SpamModel model)
{
    private const int MaxSteps = 8;
    private const double Margin = .02;

    /// <summary>Of the last updates so many may come from one sender: nobody turns the model with a flood of mails.</summary>
    private const int MaxOfOneSender = 5;

    private const int RememberedUpdates = 100;

    private readonly Queue<string> _senders = new();

    public LocalWeights Weights { get; private init; } = new();

    /// <summary>Goes on from what was learned before.</summary>
    /// <param name="lastSenders">Those of the last updates, as <see cref="LastSenders"/> gave them.</param>
    public static LocalLearning Continue(SpamModel model, LocalWeights weights, IEnumerable<string> lastSenders)
    {
        LocalLearning learning = new(model) { Weights = weights };
        foreach (var sender in lastSenders)
        {
            learning.Remember(sender);
        }

        return learning;
    }

    public IReadOnlyCollection<string> LastSenders => _senders;

    /// <summary>From the beginning: after an undo, or when the model is a new one.</summary>
    public static LocalLearning Replay(SpamModel model, IEnumerable<Lesson> lessons, CancellationToken cancellationToken)
    {
        LocalLearning learning = new(model);
        foreach (var lesson in lessons)
        {
            cancellationToken.ThrowIfCancellationRequested();
            learning.Learn(lesson);
        }

        return learning;
    }

    /// <returns>Whether it taught anything: nothing that is known already, that cannot be read or that one sender says too often.</returns>
    public bool Learn(Lesson lesson) => SpamModel.FindFeatures(lesson.Raw) is { } features && Learn(features, lesson.IsSpam);

    internal bool Learn(MailFeatures features, bool isSpam)
    {
        Weights.CountLabel();
        if (_senders.Count(known => known == features.Sender) >= MaxOfOneSender)
        {
            return false;
        }

        var steps = 0;
        for (; steps < MaxSteps; steps++)
        {
            var error = model.Probability(features, Weights) - (isSpam ? 1 : 0);
            if (Math.Abs(error) < Margin)
            {
                break;
            }

            Weights.Step(features, error);
        }

        if (steps > 0)
        {
            Remember(features.Sender);
        }

        return steps > 0;
    }

    private void Remember(string sender)
    {
        _senders.Enqueue(sender);
        if (_senders.Count > RememberedUpdates)
        {
            _senders.Dequeue();
        }
    }
}
