using System.Text.Json;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Enneo.Core.Data;

internal sealed class UnixMillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
    value => value.ToUnixTimeMilliseconds(),
    stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));

internal sealed class MillisecondsConverter() : ValueConverter<TimeSpan, long>(
    value => (long)value.TotalMilliseconds,
    stored => TimeSpan.FromMilliseconds(stored));

internal sealed class MailAddressesConverter() : ValueConverter<IReadOnlyList<MailAddress>, string>(
    value => ToJson(value),
    stored => FromJson(stored))
{
    public static string ToJson(IReadOnlyList<MailAddress> addresses) =>
        addresses.Count == 0 ? "[]" : JsonSerializer.Serialize(addresses);

    public static IReadOnlyList<MailAddress> FromJson(string json) =>
        json == "[]" ? [] : JsonSerializer.Deserialize<List<MailAddress>>(json) ?? [];
}

internal sealed class MailAddressesComparer() : ValueComparer<IReadOnlyList<MailAddress>>(
    (left, right) => left == null ? right == null : right != null && left.SequenceEqual(right),
    value => value.Aggregate(0, (hash, address) => HashCode.Combine(hash, address.GetHashCode())),
    value => value.ToList());
