using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Templates;

/// <summary>A text that is written again and again, to be put into answers.</summary>
public sealed class AnswerTemplate
{
    public long Id { get; init; }
    public required string Name { get; set; }

    /// <summary>As it was typed: plain text, or HTML that was sanitised; with placeholders, see <see cref="Placeholders"/>.</summary>
    public required string Text { get; set; }

    /// <summary>Where it is offered; none for all mailboxes.</summary>
    public List<long> MailboxIds { get; set; } = [];

    public uint Version { get; set; }

    public bool AppliesTo(long mailboxId) => MailboxIds.Count == 0 || MailboxIds.Contains(mailboxId);
}

internal sealed class AnswerTemplateConfiguration : IEntityTypeConfiguration<AnswerTemplate>
{
    public void Configure(EntityTypeBuilder<AnswerTemplate> template)
    {
        template.ToTable("answer_templates");
        template.Property(t => t.Version).IsConcurrencyToken();
    }
}
