using Enneo.Core.Spam.Model;
using Enneo.Core.Spam.Model.Features;

namespace Enneo.Core.Tags.Detection;

/// <summary>A mail of which a person said whether the tag fits.</summary>
internal sealed record TagExample(MailFeatures Features, bool Fits);

/// <summary>How far a tag's model is: it stays silent until it has seen enough and would have been right often enough.</summary>
/// <param name="Examples">Conversations to which people gave the tag.</param>
/// <param name="Precision">Of the examples for which the others alone would have given the tag, how many have it; null before there are enough.</param>
public sealed record TagModelState(int Examples, double? Precision)
{
    public const int Needed = 10;
    public const double NeededPrecision = .8;

    public bool IsSilent => Missing > 0 || !(Precision >= NeededPrecision);

    public int Missing => Math.Max(0, Needed - Examples);
}

/// <summary>What one tag's examples teach, by the features and weights of the spam model.</summary>
internal sealed class TagModel
{
    private const int Rounds = 6;
    private const double Margin = .1;
    private const double Threshold = .5;

    /// <summary>Leaving each one out of more examples takes too long: then they go in as many parts.</summary>
    private const int MostParts = 60;

    private const int MaxWords = 5;

    private readonly LocalWeights _weights;

    private TagModel(LocalWeights weights, TagModelState state) => (_weights, State) = (weights, state);

    public TagModelState State { get; }

    /// <param name="examples">In a fixed order, which decides what is learned.</param>
    public static TagModel Train(IReadOnlyList<TagExample> examples, CancellationToken cancellationToken)
    {
        var fitting = examples.Count(example => example.Fits);
        if (fitting < TagModelState.Needed || fitting == examples.Count)
        {
            return new(new LocalWeights(), new TagModelState(fitting, null));
        }

        return new(Learn(examples), new TagModelState(fitting, Precision(examples, cancellationToken)));
    }

    /// <returns>Why the tag fits; null where it does not, or where the model is silent.</returns>
    public TagReason? Judge(MailFeatures features)
    {
        var probability = State.IsSilent ? 0 : Probability(_weights, features);
        return probability < Threshold ? null : new TagReason(Words: Words(features), Probability: Math.Round(probability, 3));
    }

    private static double Precision(IReadOnlyList<TagExample> examples, CancellationToken cancellationToken)
    {
        var parts = Math.Min(examples.Count, MostParts);
        var (right, given) = (0, 0);
        for (var part = 0; part < parts; part++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var weights = Learn([.. examples.Where((_, index) => index % parts != part)]);
            foreach (var left in examples.Where((_, index) => index % parts == part))
            {
                if (Probability(weights, left.Features) >= Threshold)
                {
                    given++;
                    right += left.Fits ? 1 : 0;
                }
            }
        }

        return given == 0 ? 0 : (double)right / given;
    }

    private static LocalWeights Learn(IReadOnlyList<TagExample> examples)
    {
        LocalWeights weights = new();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var example in examples)
            {
                var error = Probability(weights, example.Features) - (example.Fits ? 1 : 0);
                if (Math.Abs(error) > Margin)
                {
                    weights.Step(example.Features, error);
                }
            }
        }

        return weights;
    }

    private static double Probability(LocalWeights weights, MailFeatures features) => Logistic.Of(weights.Evidence(features));

    /// <summary>The words that spoke most for it.</summary>
    private List<string> Words(MailFeatures features) =>
    [
        .. features.Names.Select((name, index) => (name, Weight: _weights.Weight(features.Hashes[index])))
            .Where(feature => feature.Weight > 0 && feature.name.Kind is (FeatureKind.Word or FeatureKind.SubjectWord or FeatureKind.SenderDomain)
                && feature.name.Text.Any(char.IsLetter) && !feature.name.Text.Contains('~', StringComparison.Ordinal))
            .OrderByDescending(feature => feature.Weight)
            .Select(feature => feature.name.Text)
            .Distinct(StringComparer.Ordinal)
            .Take(MaxWords),
    ];
}
