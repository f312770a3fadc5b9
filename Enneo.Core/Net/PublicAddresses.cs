using System.Net;
using System.Net.Sockets;

namespace Enneo.Core.Net;

/// <summary>
/// Addresses of the public internet: the only ones that anything is fetched from on a stranger's word. What is
/// not known to be public is not; so no new range of something private is forgotten (IANA special-purpose registries).
/// </summary>
public static class PublicAddresses
{
    private static readonly IPNetwork[] s_special4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"), // shared by carriers, RFC 6598
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("168.63.129.16/32"), // Azure platform
        IPNetwork.Parse("169.254.0.0/16"), // link-local; the metadata address of most clouds
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/4"),
        IPNetwork.Parse("240.0.0.0/4"),
    ];

    private static readonly IPNetwork s_global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] s_special6 =
    [
        IPNetwork.Parse("2001::/23"), // Teredo and the like
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("2002::/16"), // 6to4: leads to an IPv4 address within
        IPNetwork.Parse("3fff::/20"),
    ];

    private static readonly IPNetwork[] s_platform =
    [
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("168.63.129.16/32"),
        IPNetwork.Parse("100.100.100.200/32"), // the metadata address of Alibaba
        IPNetwork.Parse("192.0.0.192/32"), // of Oracle
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("fd00:ec2::/32"), // of Amazon
        IPNetwork.Parse("fd20:ce::/32"), // of Google
    ];

    /// <summary>Addresses that lead to an IPv4 address within them, and where in them it stands: NAT64 (RFC 6052), 6to4 (RFC 3056).</summary>
    private static readonly (IPNetwork Network, int Offset)[] s_embedding = [(IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2)];

    /// <summary>Addresses at which the platform of a machine tells who runs there its secrets.</summary>
    public static bool IsOfThePlatform(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : Within(address);
        return Array.Exists(s_platform, network => network.Contains(plain));
    }

    private static IPAddress Within(IPAddress address) =>
        Array.Find(s_embedding, known => known.Network.Contains(address)) is { Offset: > 0 and var offset } ? new IPAddress(address.GetAddressBytes().AsSpan(offset, 4)) : address;

    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily is AddressFamily.InterNetwork
            ? !s_special4.Any(network => network.Contains(address))
            : s_global6.Contains(address) && !s_special6.Any(network => network.Contains(address));
    }
}
