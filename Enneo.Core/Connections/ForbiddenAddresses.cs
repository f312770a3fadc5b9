using System.Net;
using System.Net.Sockets;

namespace Enneo.Core.Connections;

/// <summary>
/// Addresses to which no mail connection is ever made. Mail servers may be private or on this machine,
/// but never link-local, multicast, or one of the places where clouds hand out their machines' secrets.
/// </summary>
public static class ForbiddenAddresses
{
    private static readonly IPNetwork[] s_networks =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), // link-local, RFC 3927; the metadata address of most clouds
        IPNetwork.Parse("100.100.100.200/32"), // Alibaba Cloud metadata
        IPNetwork.Parse("168.63.129.16/32"), // Azure platform
        IPNetwork.Parse("192.0.0.192/32"), // Oracle Cloud metadata
        IPNetwork.Parse("224.0.0.0/4"),
        IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("::/128"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("ff00::/8"),
        IPNetwork.Parse("fd00:ec2::/32"), // AWS metadata and its neighbours
        IPNetwork.Parse("fd20:ce::254/128"), // Google Cloud metadata
    ];

    private static readonly IPNetwork s_nat64 = IPNetwork.Parse("64:ff9b::/96"); // RFC 6052
    private static readonly IPNetwork s_sixToFour = IPNetwork.Parse("2002::/16"); // RFC 3056
    private static readonly IPNetwork s_compatible = IPNetwork.Parse("::/96"); // RFC 4291, section 2.5.5.1

    public static bool Contains(IPAddress address) =>
        s_networks.Any(network => network.Contains(address))
        || (WithinIPv6(address) is { } inner && s_networks.Any(network => network.Contains(inner)));

    /// <returns>The IPv4 address that an IPv6 address leads to, if it leads to one.</returns>
    private static IPAddress? WithinIPv6(IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6 || address.Equals(IPAddress.IPv6Loopback))
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        return s_sixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4))
            : s_nat64.Contains(address) || s_compatible.Contains(address) ? new IPAddress(bytes.AsSpan(12, 4))
            : null;
    }
}
