namespace Enneo.Tests.Spam.Meaning;

[CollectionDefinition(Name)]
public sealed class MeaningCollection : ICollectionFixture<MeaningHouse>
{
    public const string Name = "What spam means";
}
