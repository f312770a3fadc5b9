using System.Globalization;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;

namespace Enneo.Web.Microsoft365;

/// <summary>Where Connect Account leads, as its form shows it.</summary>
/// <param name="ProviderId">Null for Microsoft.</param>
/// <param name="Imap">Host and port, as <paramref name="Smtp"/>.</param>
internal sealed record ConnectionTarget(long? ProviderId, string Name, string Imap, string Smtp)
{
    /// <summary>Where mail goes in place of the SMTP server; null where there is no such road.</summary>
    public string? Graph { get; init; }

    /// <summary>Of its way back; empty for Microsoft, which has its own.</summary>
    public string CallbackKey { get; init; } = "";

    /// <returns>Null while Microsoft 365 is not set up.</returns>
    public static ConnectionTarget? Of(Microsoft365View view)
    {
        var cloud = view.Settings is { Cloud: Cloud.Own, Own: { } own } ? own : CloudAddresses.Of(view.Settings.Cloud);
        return view.IsUsable ? new ConnectionTarget(null, ConnectText.Microsoft365, cloud.Imap, cloud.Smtp) { Graph = cloud.Graph } : null;
    }

    public static ConnectionTarget Of(ProviderView provider) => new(
        provider.Id, provider.Settings.Name, At(provider.Settings.ImapHost, provider.Settings.ImapPort), At(provider.Settings.SmtpHost, provider.Settings.SmtpPort))
    {
        CallbackKey = provider.Settings.CallbackKey,
    };

    private static string At(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
}
