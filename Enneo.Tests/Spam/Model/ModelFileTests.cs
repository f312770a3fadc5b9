using System.Security.Cryptography;
using Enneo.Core.Spam.Model;

namespace Enneo.Tests.Spam.Model;

public sealed class ModelFileTests
{
    [Fact]
    public void TheShippedModelIsSmallAndWritesItselfAgain()
    {
        var bytes = ModelFile.Write(SpamModel.Shipped);

        Assert.True(bytes.Length <= 1_000_000);
        Assert.Equal(bytes, ModelFile.Write(SpamModel.Load(bytes)));
        Assert.InRange(SpamModel.Shipped.SpamThreshold, SpamModel.Shipped.UnsureThreshold, 1);
    }

    [Fact]
    public void AForeignFileIsRefused() =>
        Assert.Equal("This file is not a spam model of Enneo.", Refusal("PK\u0003\u0004 something else"u8.ToArray()));

    [Fact]
    public void AnEmptyFileIsRefused() => Assert.Equal("This file is not a spam model of Enneo.", Refusal([]));

    [Fact]
    public void OneMadeOfOtherFeaturesIsRefused()
    {
        var bytes = ModelFile.Write(SpamModel.Shipped);
        bytes[12]++;
        SHA256.HashData(bytes.AsSpan(..^32)).CopyTo(bytes.AsSpan(^32..));

        Assert.Equal("This spam model was made by another version of Enneo. Train it again with this one.", Refusal(bytes));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(70)]
    [InlineData(500_000)]
    public void ADamagedOneIsRefused(int place)
    {
        var bytes = ModelFile.Write(SpamModel.Shipped);
        bytes[place] ^= 0x40;

        Assert.Matches("^This spam model was made|^The spam model is damaged", Refusal(bytes));
        Assert.Matches("^The spam model is damaged", Refusal(ModelFile.Write(SpamModel.Shipped)[..^1]));
    }

    private static string Refusal(byte[] bytes) => Assert.Throws<InvalidDataException>(() => SpamModel.Load(bytes)).Message;
}
