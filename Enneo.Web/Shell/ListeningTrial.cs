using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Enneo.Web.Shell;

/// <summary>Tries to listen before Kestrel does, which would answer with a stack trace.</summary>
internal static class ListeningTrial
{
    /// <param name="urls">As Kestrel takes them, separated by semicolons.</param>
    /// <returns>What is in the way, naming the setting; null when nothing is.</returns>
    public static string? ProblemWith(string? urls)
    {
        foreach (var url in SettingsReader.List(urls ?? ""))
        {
            try
            {
                Try(BindingAddress.Parse(url));
            }
            catch (SocketException exception)
            {
                var text = exception.SocketErrorCode == SocketError.AddressAlreadyInUse ? SettingsText.PortInUse : SettingsText.PortRefused;
                return $"{EnneoOptions.Section}:{nameof(EnneoOptions.Urls)}: {string.Format(CultureInfo.CurrentCulture, text, url, exception.Message)}";
            }
        }

        return null;
    }

    private static void Try(BindingAddress address)
    {
        using TcpListener listener = new(Interface(address.Host.Trim('[', ']')), address.Port);
        listener.Start();
    }

    /// <summary>A name that is neither this machine's nor an address means every interface, as for Kestrel.</summary>
    private static IPAddress Interface(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : IPAddress.Any;
}
