using System.Runtime.InteropServices;
using Enneo.Core.Spam.Model.Features;

namespace Enneo.Core.Spam.Model.Training;

/// <summary>The features that enough mails have, numbered.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<uint, int> _numbers = [];

    public Vocabulary(IEnumerable<TrainingMail> mails, int minMails)
    {
        Dictionary<uint, int> counts = [];
        foreach (var mail in mails)
        {
            foreach (var hash in mail.Features.Hashes)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, hash, out _)++;
            }
        }

        foreach (var (hash, _) in counts.Where(count => count.Value >= minMails).OrderByDescending(count => count.Value).ThenBy(count => count.Key))
        {
            _numbers.Add(hash, _numbers.Count); // what most mails have stands together, which the processor's cache likes
        }
    }

    public int Count => _numbers.Count;

    public IEnumerable<KeyValuePair<uint, int>> Numbers => _numbers;

    public NumberedMail Number(MailFeatures features)
    {
        List<int> numbers = new(features.Hashes.Length);
        var ends = new int[FeatureGroups.Count];
        var scales = new float[FeatureGroups.Count];
        for (var group = 0; group < FeatureGroups.Count; group++)
        {
            foreach (var hash in features.Of(group))
            {
                if (_numbers.TryGetValue(hash, out var number))
                {
                    numbers.Add(number);
                }
            }

            ends[group] = numbers.Count;
            scales[group] = (float)FeatureGroups.Scale(group, features.Count(group));
        }

        return new([.. numbers], ends, scales);
    }
}

/// <summary>A mail by the numbers of its known features.</summary>
/// <param name="Scales">What each feature of a group counts.</param>
internal sealed record NumberedMail(int[] Numbers, int[] Ends, float[] Scales);
