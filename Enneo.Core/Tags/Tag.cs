using Enneo.Core.Conditions;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Tags;

/// <summary>What a tag can be given to. Only tickets have any so far.</summary>
public enum TagReference
{
    Ticket,
    Contract,
    Customer,
}

/// <summary>What a tag says of what has it.</summary>
public enum TagType
{
    /// <summary>What an agent must know to answer.</summary>
    Skill,
    Brand,
    Product,
    CustomerProperty,
    ContractProperty,
    Other,
}

public enum TagVisibility
{
    Public,

    /// <summary>Shown, but not offered to agents: it is given automatically.</summary>
    Private,

    /// <summary>Given no more, and not shown.</summary>
    Disabled,
}

public enum TagColour
{
    Grey,
    Green,
    Red,
    Blue,
    Yellow,
    Purple,
    Orange,
    Teal,
}

/// <summary>How mails find the tag by themselves.</summary>
public enum TagDetectionMode
{
    None,
    Ai,
    Conditions,
    AiAndConditions,
    AiOrConditions,

    /// <summary>All mail of its mailboxes has it.</summary>
    Mailbox,
}

/// <summary>A label in a tree.</summary>
public sealed class Tag
{
    public long Id { get; init; }

    /// <summary>Unique among those of the same parent.</summary>
    public required string Name { get; set; }

    public long? ParentId { get; set; }

    /// <summary>Its place among those of the same parent.</summary>
    public int Position { get; set; }

    public TagReference Reference { get; set; }
    public TagType Type { get; set; }
    public TagVisibility Visibility { get; set; }
    public TagColour Colour { get; set; }

    /// <summary>Given when nothing else matched; at most one has it.</summary>
    public bool IsDefault { get; set; }

    /// <summary>Given to spam, and to nothing else by itself.</summary>
    public bool IsSpam { get; set; }

    /// <summary>How hard what has it is to answer, 1 to 5; null where that is not said.</summary>
    public int? Complexity { get; set; }

    /// <summary>Business hours in which what has it should be answered.</summary>
    public int? SlaHours { get; set; }

    /// <summary>The least priority of what has it.</summary>
    public TicketPriority? Priority { get; set; }

    /// <summary>As the API names channels, such as <c>email</c>; none for all.</summary>
    public List<string> Channels { get; set; } = [];

    /// <summary>Where it applies; none for all mailboxes.</summary>
    public List<long> MailboxIds { get; set; } = [];

    public TagDetectionMode Detection { get; set; }
    public ConditionGroup Conditions { get; set; } = ConditionGroup.Empty;

    /// <summary>People who know about it.</summary>
    public List<long> AssignmentIds { get; set; } = [];

    /// <summary>Who changed it last; null for Enneo itself or the person at the machine.</summary>
    public long? ModifiedBy { get; set; }

    public required DateTimeOffset ModifiedAt { get; set; }
    public uint Version { get; set; }

    /// <summary>Whether mails that are no spam may get it without a person.</summary>
    internal bool IsFoundByItself => !IsSpam && Detection is not TagDetectionMode.None;

    /// <summary>Whether tickets of the mailbox may get it.</summary>
    public bool AppliesTo(long mailboxId) =>
        Visibility is not TagVisibility.Disabled && Reference is TagReference.Ticket && (MailboxIds.Count == 0 || MailboxIds.Contains(mailboxId));
}

internal sealed class TagConfiguration : IEntityTypeConfiguration<Tag>
{
    public void Configure(EntityTypeBuilder<Tag> tag)
    {
        tag.ToTable("tags");
        tag.Ignore(t => t.IsFoundByItself);
        tag.Property(t => t.Name).UseCollation("NOCASE");
        tag.Property(t => t.Version).IsConcurrencyToken();
        tag.Property(t => t.Reference).HasConversion<string>();
        tag.Property(t => t.Type).HasConversion<string>();
        tag.Property(t => t.Visibility).HasConversion<string>();
        tag.Property(t => t.Colour).HasConversion<string>();
        tag.Property(t => t.Priority).HasConversion<string>();
        tag.Property(t => t.Detection).HasConversion<string>();
        tag.Property(t => t.Conditions).HasConversion(conditions => conditions.ToJson(), json => ConditionGroup.FromJson(json));
        tag.HasOne<Tag>().WithMany().HasForeignKey(t => t.ParentId).OnDelete(DeleteBehavior.Restrict);
        tag.HasIndex(t => new { t.ParentId, t.Name }).IsUnique();
    }
}
