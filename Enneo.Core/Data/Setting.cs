using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Data;

/// <summary>A value the installation keeps for itself, such as the key that signs threading tokens.</summary>
public sealed class Setting
{
    public required string Name { get; init; }
    public required string Value { get; set; }
}

internal sealed class SettingConfiguration : IEntityTypeConfiguration<Setting>
{
    public void Configure(EntityTypeBuilder<Setting> setting)
    {
        setting.ToTable("settings");
        setting.HasKey(s => s.Name);
    }
}
