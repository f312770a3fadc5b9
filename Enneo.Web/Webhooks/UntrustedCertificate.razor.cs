using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Webhooks;

/// <summary>The certificate of a receiver for which nobody vouches, to be compared and trusted.</summary>
public sealed partial class UntrustedCertificate : ComponentBase
{
    /// <summary>SHA-256 in hex.</summary>
    [Parameter, EditorRequired]
    public required string Fingerprint { get; set; }

    [Parameter]
    public bool Busy { get; set; }

    /// <summary>The certificate with this fingerprint shall be trusted.</summary>
    [Parameter]
    public EventCallback<string> OnTrust { get; set; }
}
