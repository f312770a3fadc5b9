using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Integrations.Webhooks;

public sealed class WebhookOptions
{
    public const string Section = "Enneo:Webhooks";

    /// <summary>How long a receiver may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class WebhookOptionsValidator : IValidateOptions<WebhookOptions>;
