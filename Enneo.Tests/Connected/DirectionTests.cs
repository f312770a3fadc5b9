using System.Text.Json;
using System.Text.Json.Nodes;
using Enneo.Core.Activity;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Connected;

namespace Enneo.Tests.Connected;

/// <summary>What goes one way is never written the other way, and what the other side has besides is not destroyed by comparing.</summary>
public sealed class DirectionTests
{
    private static readonly OurNames s_names = new(
        new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase) { ["Billing"] = 1, ["Parcel"] = 2, ["Own"] = 3, ["There"] = 4 },
        new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase) { ["anna@example.com"] = 1, ["ben@example.com"] = 2 });

    /// <summary>By field: what both had agreed on, what it was changed to here, and there.</summary>
    private static readonly Dictionary<SyncedField, string[]> s_values = new()
    {
        [SyncedField.Status] = ["open", "pending", "closed"],
        [SyncedField.Priority] = ["medium", "low", "high"],
        [SyncedField.Assignee] = ["anna@example.com", "ben@example.com", "anna@example.com"],
        [SyncedField.Subject] = ["Order", "Order here", "Order there"],
        [SyncedField.Tags] = ["Billing,Parcel", "Billing,Own", "Parcel,There"],
    };

    public static TheoryData<SyncedField, SyncDirection> All =>
        [.. s_values.Keys.SelectMany(one => Enum.GetValues<SyncDirection>().Select(direction => new TheoryDataRow<SyncedField, SyncDirection>(one, direction)))];

    [Theory]
    [MemberData(nameof(All))]
    public void WhateverChangedWhere_WhatGoesOneWayIsWrittenThatWayOnly(SyncedField field, SyncDirection direction)
    {
        foreach (var isKnown in (bool[])[true, false])
        {
            foreach (var (here, there) in from here in (int[])[0, 1] from there in (int[])[0, 2] select (here, there))
            {
                var plan = PlanOf(field, direction, isKnown ? s_values[field][0] : null, s_values[field][here], s_values[field][there]);

                Assert.True(plan.Give.IsEmpty || direction is SyncDirection.Both or SyncDirection.Out, $"given: {here} {there}");
                Assert.True(!plan.Takes || direction is SyncDirection.Both or SyncDirection.In, $"taken: {here} {there}");
            }
        }
    }

    [Theory]
    [InlineData(SyncDirection.In, "Billing,Own,Parcel,There", "Billing,Parcel,There")]
    [InlineData(SyncDirection.Out, "Billing,Own,Parcel", "Billing,Own,Parcel,There")]
    [InlineData(SyncDirection.Both, "Billing,Own,Parcel,There", "Billing,Own,Parcel,There")]
    [InlineData(SyncDirection.None, "Billing,Own,Parcel", "Billing,Parcel,There")]
    public void HoweverOftenTheyAreCompared_NoTagIsLostThatNobodyTookAway(SyncDirection direction, string ours, string theirs)
    {
        FieldRule rule = new(direction, []);
        MergedTags now = new(Set("Billing,Parcel,Own"), Set("Billing,Parcel,There"), Set(""));

        for (var i = 0; i < 3; i++)
        {
            now = ThreeWay.Merge(now.Ours, now.Theirs, now.Agreed, rule);
        }

        Assert.Equal(ours.Split(','), now.Ours.Order());
        Assert.Equal(theirs.Split(','), now.Theirs.Order());
    }

    [Theory]
    [InlineData(SyncDirection.In, "Own")]
    [InlineData(SyncDirection.Out, "There")]
    [InlineData(SyncDirection.Both, "")]
    public void WhatWasTakenAwayWhereItComesFromGoes(SyncDirection direction, string left)
    {
        var before = ThreeWay.Merge(Set("Billing,Own"), Set("Billing,There"), Set(""), new(direction, []));

        var after = direction is SyncDirection.In
            ? ThreeWay.Merge(before.Ours, Set(""), before.Agreed, new(direction, [])).Ours
            : ThreeWay.Merge(Set(""), before.Theirs, before.Agreed, new(direction, [])).Theirs;

        Assert.Equal(Set(left), after);
    }

    [Fact]
    public void ATagThatOnlyComesIsTakenOffAgain_AndNeverGoesThere()
    {
        FieldRule rule = new(SyncDirection.Both, [new("Billing", "money", SyncDirection.In), new("Parcel", "post", SyncDirection.Out)]);
        var come = ThreeWay.Merge(Set(""), Set("Billing"), Set(""), rule);
        var gone = ThreeWay.Merge(come.Ours, Set(""), come.Agreed, rule);
        var given = ThreeWay.Merge(Set("Billing,Parcel"), Set(""), Set(""), rule);

        Assert.Equal(["Billing"], come.Ours);
        Assert.Empty(gone.Ours);
        Assert.Equal(["Parcel"], given.Theirs);
    }

    [Fact]
    public void TagsThatOnlyGoThereMayShareAName_WhichGoesWithTheLastOfThem()
    {
        FieldRule rule = new(SyncDirection.Out, [new("Billing", "money", SyncDirection.Out), new("Own", "money", SyncDirection.Out), new("Parcel", "post", SyncDirection.Out)]);

        Assert.Equal(["money"], Given("Own", "", ""));
        Assert.Null(Given("Own", "money", "Own")); // nothing is to be done: it does not go round in circles
        Assert.Null(Given("Own", "money", "Billing,Own"));
        Assert.Equal([], Given("", "money", "Own"));
        Assert.Equal(["money", "post", "theirs"], Given("Own,Parcel", "money,theirs", "Own"));

        IEnumerable<string>? Given(string ours, string theirs, string agreed) => PlanOf(rule, agreed, ours, theirs).Give.Tags?.Order();
    }

    [Fact]
    public void WhereTagsGoBothWays_OneThatWouldComeBackAsAnotherIsNamed()
    {
        ValuePair[] shared = [new("Billing", "money"), new("Own", "money", SyncDirection.Out)];

        Assert.Equal([("Own", "Billing")], new FieldRule(SyncDirection.Both, shared).LostOnTheWay(holdsSeveral: true));
        Assert.Empty(new FieldRule(SyncDirection.Both, shared).LostOnTheWay()); // of one value, what both agreed on is known
        Assert.Empty(new FieldRule(SyncDirection.Both, [new("Billing", "money", SyncDirection.Out), new("Own", "money", SyncDirection.Out)]).LostOnTheWay(holdsSeveral: true));
    }

    [Theory]
    [InlineData("closed", false, "open", "open")] // history came in closed: nothing is closed there
    [InlineData("closed", true, "open", null)] // somebody closed it
    [InlineData("open", true, "closed", "closed")]
    public void AtTheFirstMeetingNothingIsClosedThereThatNobodyClosedHere(string here, bool isDecided, string there, string? taken)
    {
        var plan = First(SyncedField.Status, here, isDecided, "Order", isRenamed: false, there, "Order");

        Assert.Equal(taken, plan.Take.Status is { } status ? TicketWords.Of(status) : null);
        Assert.Equal(taken is null ? here : null, plan.Give.Values.GetValueOrDefault(SyncedField.Status));
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "Re: order")]
    public void AtTheFirstMeetingTheSubjectOfAMailTakesNoTitlesPlace(bool isRenamed, string? given)
    {
        var plan = First(SyncedField.Subject, "open", true, "Re: order", isRenamed, "open", "Order 4471, late");

        Assert.Null(plan.Take.Subject);
        Assert.Equal(given, plan.Give.Values.GetValueOrDefault(SyncedField.Subject));
    }

    [Theory]
    [InlineData("false", nameof(OtherMessageKind.Out))]
    [InlineData("true", nameof(OtherMessageKind.Note))]
    [InlineData("\"true\"", nameof(OtherMessageKind.Note))]
    [InlineData("\"false\"", nameof(OtherMessageKind.Note))]
    [InlineData("1", nameof(OtherMessageKind.Note))]
    [InlineData("0", nameof(OtherMessageKind.Note))]
    [InlineData("null", nameof(OtherMessageKind.Note))]
    [InlineData("{}", nameof(OtherMessageKind.Note))]
    public void WhatDoesNotSayClearlyThatItIsPublicIsANote(string isPrivate, string kind)
    {
        var message = JsonNode.Parse($$"""{"id":1,"direction":"out","private":{{isPrivate}},"createdAt":"2026-11-30T10:00:00Z","body":"x"}""")!;

        Assert.Equal(kind, EnneoSystem.Message(message, OtherKind.Other).Kind.ToString());
    }

    private static FieldPlan First(SyncedField compared, string status, bool isDecided, string subject, bool isRenamed, string theirStatus, string theirSubject)
    {
        Dictionary<SyncedField, string?> values = new() { [SyncedField.Status] = status, [SyncedField.Priority] = "medium", [SyncedField.Assignee] = null, [SyncedField.Subject] = subject };
        OurTicket ours = new(1, "tag", 1, values, Set(""), IsSpam: false) { Subject = subject, Messages = [], IsStatusDecided = isDecided, IsRenamed = isRenamed };
        OtherTicket theirs = new("1", null, null, null, null) { Subject = theirSubject, Status = theirStatus, Priority = "medium" };
        return FieldPlan.Of(new ActingIntegration(IntegrationOf(compared, new FieldRule(SyncDirection.Both, [])), 1, Actor.Operator), ours, theirs, new Dictionary<SyncedField, SyncedValue>(), s_names);
    }

    private static FieldPlan PlanOf(FieldRule tags, string agreed, string ours, string theirs) => FieldPlan.Of(
        new ActingIntegration(IntegrationOf(SyncedField.Tags, tags), 1, Actor.Operator),
        new OurTicket(1, "tag", 1, new Dictionary<SyncedField, string?>(), Set(ours), IsSpam: false) { Subject = "Order", Messages = [] },
        new OtherTicket("1", null, null, null, null) { Subject = "Order", Tags = [.. Set(theirs)] },
        new Dictionary<SyncedField, SyncedValue> { [SyncedField.Tags] = new() { IntegrationId = 1, ExternalTicketId = "1", Field = SyncedField.Tags, Ours = agreed.Replace(',', '\n') } },
        s_names);

    private static FieldPlan PlanOf(SyncedField field, SyncDirection direction, string? agreed, string here, string there)
    {
        var isTags = field is SyncedField.Tags;
        Dictionary<SyncedField, string?> values = s_values.Where(value => value.Key is not SyncedField.Tags).ToDictionary(value => value.Key, value => (string?)value.Value[0]);
        OtherTicket theirs = new("1", null, null, null, null)
        {
            Subject = field is SyncedField.Subject ? there : "Order",
            Status = field is SyncedField.Status ? there : "open",
            Priority = field is SyncedField.Priority ? there : "medium",
            Assignee = field is SyncedField.Assignee ? there : "anna@example.com",
            Tags = isTags ? there.Split(',') : [],
        };
        values[field] = isTags ? null : here;
        OurTicket ours = new(1, "tag", 1, values, Set(isTags ? here : ""), IsSpam: false) { Subject = values[SyncedField.Subject]!, Messages = [] };
        SyncedValue before = new() { IntegrationId = 1, ExternalTicketId = "1", Field = field, Ours = agreed?.Replace(',', '\n'), Theirs = agreed?.Replace(',', '\n') };
        return FieldPlan.Of(
            new ActingIntegration(IntegrationOf(field, new FieldRule(direction, [])), 1, Actor.Operator), ours, theirs,
            agreed is null ? new Dictionary<SyncedField, SyncedValue>() : new() { [field] = before }, s_names);
    }

    private static Integration IntegrationOf(SyncedField field, FieldRule rule) => new()
    {
        Name = "Desk",
        Kind = OtherKind.Enneo,
        Url = "https://desk.example.com",
        MayBePrivate = false,
        ProtectedCredential = "",
        MailboxId = 1,
        TheirMailbox = "1",
        KeyId = 1,
        WebhookId = 1,
        HookId = 1,
        Owner = SendingOwner.There,
        MailsPublicComments = false,
        Rules = JsonSerializer.Serialize(new Dictionary<SyncedField, FieldRule> { [field] = rule }),
        Mark = "mark",
        IsActive = true,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static HashSet<string> Set(string tags) => tags.Split(',').Where(tag => tag.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
