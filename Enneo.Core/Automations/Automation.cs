using System.Text.Json;
using System.Text.Json.Serialization;
using Enneo.Core.Conditions;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Automations;

public enum AutomationActionKind
{
    Tag,
    Untag,

    /// <summary>To a person, where nobody takes care of it yet.</summary>
    Assign,
    Status,

    /// <summary>Answers by a template, once per sender and ticket.</summary>
    Reply,
    Priority,

    /// <summary>Writes an internal note by a template.</summary>
    Note,
}

/// <summary>What an automation does; of the other fields the one that its kind needs.</summary>
public sealed record AutomationAction(AutomationActionKind Kind)
{
    public long? TagId { get; init; }
    public long? PersonId { get; init; }
    public TicketStatus? Status { get; init; }
    public TicketPriority? Priority { get; init; }

    /// <summary>See <see cref="ReplyTemplate"/>.</summary>
    public string? Text { get; init; }

    /// <summary>The template that is used in place of <see cref="Text"/>.</summary>
    public long? TemplateId { get; init; }
}

/// <summary>Conditions and what is done when they hold. Never for spam.</summary>
public sealed class Automation
{
    public long Id { get; init; }
    public required string Name { get; set; }

    /// <summary>They run in this order.</summary>
    public int Position { get; set; }

    public bool IsEnabled { get; set; }

    /// <summary>Where it applies; none for all mailboxes.</summary>
    public List<long> MailboxIds { get; set; } = [];

    public ConditionGroup Conditions { get; set; } = ConditionGroup.Empty;
    public IReadOnlyList<AutomationAction> Actions { get; set; } = [];
    public uint Version { get; set; }

    public bool AppliesTo(long mailboxId) => IsEnabled && (MailboxIds.Count == 0 || MailboxIds.Contains(mailboxId));
}

internal sealed class AutomationConfiguration : IEntityTypeConfiguration<Automation>
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public void Configure(EntityTypeBuilder<Automation> automation)
    {
        automation.ToTable("automations");
        automation.Property(a => a.Version).IsConcurrencyToken();
        automation.Property(a => a.Conditions).HasConversion(conditions => conditions.ToJson(), json => ConditionGroup.FromJson(json));
        automation.Property(a => a.Actions).HasConversion(
            actions => ToJson(actions),
            json => JsonSerializer.Deserialize<List<AutomationAction>>(json, s_json) ?? new List<AutomationAction>(),
            new Microsoft.EntityFrameworkCore.ChangeTracking.ValueComparer<IReadOnlyList<AutomationAction>>(
                (one, other) => ToJson(one!) == ToJson(other!), actions => ToJson(actions).GetHashCode(StringComparison.Ordinal), actions => actions.ToList()));
    }

    private static string ToJson(IReadOnlyList<AutomationAction> actions) => JsonSerializer.Serialize(actions, s_json);
}
