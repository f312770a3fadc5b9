using System.Runtime.InteropServices;
using Enneo.Core.Spam.Model.Features;

namespace Enneo.Core.Spam.Model;

/// <summary>
/// What one installation learned from its people, beside the model that everybody has. A plain value: it can be written
/// down, and made again from the mails that people judged.
/// </summary>
public sealed class LocalWeights
{
    private const int Bits = 18;
    private const int Size = 1 << Bits;
    private const int Format = 1;
    private const double Rate = 1.3;

    /// <summary>Keeps the first step of what was never seen short: one correction should not outweigh all that is known.</summary>
    private const double FirstSquares = .001;

    private const double Decay = 1e-5;

    /// <summary>After as many labels what was learned here takes its share from the model that everybody has.</summary>
    private const int LabelsToTrust = 200;

    private const double LocalShare = .2;

    private readonly float[] _weights = new float[Size];
    private readonly float[] _squares = new float[Size];

    /// <summary>How many labels were given, whether or not they taught anything.</summary>
    public int Labels { get; private set; }

    internal double BaseShare => 1 - (LocalShare * Math.Min(1, (double)Labels / LabelsToTrust));

    /// <exception cref="InvalidDataException">It was not written by <see cref="ToBytes"/> of this version.</exception>
    public static LocalWeights Read(ReadOnlySpan<byte> bytes)
    {
        var numbers = bytes.Length % sizeof(int) == 0 ? MemoryMarshal.Cast<byte, int>(bytes) : [];
        if (numbers.Length < 3 || numbers[0] != Format || numbers[1] != FeatureExtraction.Version || numbers.Length % 3 != 0)
        {
            throw new InvalidDataException(ModelText.OtherFeatures);
        }

        LocalWeights weights = new() { Labels = numbers[2] };
        for (var i = 3; i < numbers.Length; i += 3)
        {
            var place = numbers[i] & (Size - 1);
            weights._weights[place] = BitConverter.Int32BitsToSingle(numbers[i + 1]);
            weights._squares[place] = BitConverter.Int32BitsToSingle(numbers[i + 2]);
        }

        return weights;
    }

    /// <summary>Only what was learned: some kilobytes per label at first.</summary>
    public byte[] ToBytes()
    {
        List<int> numbers = [Format, FeatureExtraction.Version, Labels];
        for (var place = 0; place < Size; place++)
        {
            if (_squares[place] != 0)
            {
                numbers.AddRange([place, BitConverter.SingleToInt32Bits(_weights[place]), BitConverter.SingleToInt32Bits(_squares[place])]);
            }
        }

        return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(numbers)).ToArray();
    }

    internal void CountLabel() => Labels++;

    internal float Weight(uint hash) => _weights[hash >> (32 - Bits)];

    internal double Evidence(MailFeatures features)
    {
        double evidence = 0;
        for (var group = 0; group < FeatureGroups.Count; group++)
        {
            double sum = 0;
            foreach (var hash in features.Of(group))
            {
                sum += Weight(hash);
            }

            evidence += sum * FeatureGroups.Scale(group, features.Count(group));
        }

        return evidence;
    }

    /// <param name="error">Probability less truth.</param>
    internal void Step(MailFeatures features, double error)
    {
        for (var group = 0; group < FeatureGroups.Count; group++)
        {
            var gradient = error * FeatureGroups.Scale(group, features.Count(group));
            foreach (var hash in features.Of(group))
            {
                var place = hash >> (32 - Bits);
                var own = gradient + (Decay * _weights[place]);
                _squares[place] += (float)(own * own);
                _weights[place] -= (float)(Rate * own / Math.Sqrt(_squares[place] + FirstSquares));
            }
        }
    }
}
