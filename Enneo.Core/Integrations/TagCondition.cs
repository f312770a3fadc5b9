namespace Enneo.Core.Integrations;

/// <summary>The states of a thing that a request names (RFC 9110, section 13.1): what it asks for depends on whether the thing has one of them.</summary>
/// <param name="Tags">As <see cref="TicketDetail.Tag"/>.</param>
/// <param name="IsAny">Whatever its state: it is enough that it is there.</param>
public sealed record TagCondition(IReadOnlyList<string> Tags, bool IsAny = false)
{
    public bool Names(string tag) => IsAny || Tags.Contains(tag, StringComparer.Ordinal);
}
