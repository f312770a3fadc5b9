using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Connections;

/// <summary>How long a mail server may take. Real time, whatever the clock says: the network follows no other.</summary>
public sealed class ConnectionOptions
{
    public const string Section = "Enneo:Connections";

    /// <summary>Looking the name up, reaching the server, TLS and its greeting, together.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Signing in as a whole, and afterwards each wait for the server's next bytes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class ConnectionOptionsValidator : IValidateOptions<ConnectionOptions>;
