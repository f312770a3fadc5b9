using System.Text.Json;
using System.Text.Json.Serialization;
using Enneo.Core.Conditions;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Tags;

/// <summary>Who or what gave a tag.</summary>
public enum TagSource
{
    Person,
    Ai,
    Conditions,
    Mailbox,

    /// <summary>Nothing else matched.</summary>
    Default,

    /// <summary>It is spam.</summary>
    Spam,
    Automation,
}

/// <summary>Why a tag was given, in data: the screen makes words of it.</summary>
/// <param name="Tests">Of its conditions, what held.</param>
/// <param name="Words">What spoke most for it, such as words of the mail.</param>
/// <param name="Probability">What the model makes of it, 0 to 1.</param>
/// <param name="Automation">The name of the automation that gave it.</param>
public sealed record TagReason(
    IReadOnlyList<ConditionTest>? Tests = null, IReadOnlyList<string>? Words = null, double? Probability = null, string? Automation = null)
{
    public static readonly TagReason None = new();

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    public static TagReason FromJson(string json) => JsonSerializer.Deserialize<TagReason>(json, s_json) ?? None;
}

/// <summary>A tag of a ticket, or one that a person took off it: that one is not given again by itself.</summary>
public sealed class TicketTag
{
    public required long TicketId { get; init; }
    public required long TagId { get; init; }

    /// <summary>Who or what gave it, or took it off.</summary>
    public required TagSource Source { get; set; }

    /// <summary>Only for <see cref="TagSource.Person"/>; null for somebody at the machine.</summary>
    public long? PersonId { get; set; }

    /// <summary>JSON: a <see cref="TagReason"/>.</summary>
    public string Reason { get; set; } = "{}";

    public required DateTimeOffset At { get; set; }

    /// <summary>The ticket does not have it: a person took it off.</summary>
    public bool IsTakenOff { get; set; }
}

internal sealed class TicketTagConfiguration : IEntityTypeConfiguration<TicketTag>
{
    public void Configure(EntityTypeBuilder<TicketTag> given)
    {
        given.ToTable("ticket_tags");
        given.HasKey(g => new { g.TicketId, g.TagId });
        given.Property(g => g.Source).HasConversion<string>();
        given.HasIndex(g => new { g.TagId, g.TicketId });
        given.HasOne<Ticket>().WithMany().HasForeignKey(g => g.TicketId).OnDelete(DeleteBehavior.Cascade);
        given.HasOne<Tag>().WithMany().HasForeignKey(g => g.TagId).OnDelete(DeleteBehavior.Cascade);
    }
}
