using Enneo.Core.Integrations.Connected;

namespace Enneo.Tests.Connected;

/// <summary>What both sides last agreed on decides who changed something: an echo changes nothing, and nothing is lost silently.</summary>
public sealed class ThreeWayTests
{
    private static readonly FieldRule s_both = new(SyncDirection.Both, []);

    [Theory]
    [InlineData("open", "open", "Same")]
    [InlineData("closed", "open", "GiveOurs")]
    [InlineData("open", "closed", "TakeTheirs")]
    [InlineData("closed", "closed", "Agreed")]
    [InlineData("pending", "closed", "Conflict")]
    public void WhatWasAgreedOnDecides(string ours, string theirs, string expected) =>
        Assert.Equal(expected, ThreeWay.Compare(new Sides(ours, theirs, "open", "open"), s_both).ToString());

    [Theory]
    [InlineData(SyncDirection.In, "TakeTheirs")]
    [InlineData(SyncDirection.Out, "GiveOurs")]
    public void WhatGoesOneWayNeverClashes(SyncDirection direction, string expected) =>
        Assert.Equal(expected, ThreeWay.Compare(new Sides("pending", "closed", "open", "open"), s_both with { Direction = direction }).ToString());

    [Fact]
    public void ValuesAreComparedByWhatTheyAreCalledThere()
    {
        var rule = IntegrationPresets.RulesOf(OtherKind.Zammad)[SyncedField.Status];

        Assert.Equal(WhoChanged.Agreed, ThreeWay.Compare(new Sides("open", "new", "closed", "closed"), rule));
        Assert.Equal(WhoChanged.TakeTheirs, ThreeWay.Compare(new Sides("open", "pending close", "open", "open"), rule));
        Assert.Equal(WhoChanged.Unknown, ThreeWay.Compare(new Sides("open", "waiting for Godot", "open", "open"), rule));
    }

    [Theory]
    [InlineData("a,b", "a,b", "a,b", "a,b")]
    [InlineData("a", "a,b", "a,b", "a")]
    [InlineData("a,b,c", "a,b", "a,b", "a,b,c")]
    [InlineData("a,c", "b,d", "a,b", "c,d")]
    public void TagsAreMergedOneByOne(string ours, string theirs, string agreed, string expected)
    {
        var merged = ThreeWay.Merge(Set(ours), Set(theirs), Set(agreed), s_both);

        Assert.All([merged.Ours, merged.Theirs, merged.Agreed], tags => Assert.Equal(expected.Split(','), tags.Order()));
    }

    [Fact]
    public void AMappingThatDoesNotComeBackIsNamed()
    {
        FieldRule rule = new(SyncDirection.Both, [new("open", "open"), new("open", "new"), new("closed", "closed")]);

        Assert.Equal([("new", "open")], rule.LostOnTheWay());
        Assert.All(Enum.GetValues<OtherKind>(), kind => Assert.All(IntegrationPresets.RulesOf(kind).Values, preset => Assert.Empty(preset.LostOnTheWay())));
        var said = new IntegrationInputValidator().Validate(new IntegrationInput { Name = "Desk", Url = "https://desk.example.com", Rules = new Dictionary<SyncedField, FieldRule> { [SyncedField.Status] = rule } });
        Assert.Contains(said.Errors, error => error.PropertyName == "status" && error.ErrorMessage.Contains("\"new\"", StringComparison.Ordinal));
    }

    private static HashSet<string> Set(string tags) => [.. tags.Split(',')];
}
