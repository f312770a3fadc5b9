using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Activity;

public sealed class ActivityOptions
{
    public const string Section = "Enneo:Activity";

    /// <summary>How long the change feed goes back; what a ticket's history and the audit log tell is kept for good.</summary>
    [Range(typeof(TimeSpan), "30.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(90);
}

[OptionsValidator]
internal sealed partial class ActivityOptionsValidator : IValidateOptions<ActivityOptions>;
