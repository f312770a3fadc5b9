using Enneo.Core.Integrations;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Enneo.Web.Api;

/// <summary>The conditions that requests put by entity tags (RFC 9110, section 13.1).</summary>
internal static class EntityTags
{
    /// <summary>A change is made only where the state is the very same: weak tags say no more than that it is alike, and never hold.</summary>
    /// <returns>Null where there is no condition.</returns>
    public static TagCondition? IfMatch(StringValues header) => Of(header, tag => !tag.IsWeak);

    /// <summary>What is alike need not be sent again.</summary>
    /// <inheritdoc cref="IfMatch"/>
    public static TagCondition? IfNoneMatch(StringValues header) => Of(header, _ => true);

    /// <summary>What is no tag holds for nothing: a condition that was meant is never passed over.</summary>
    private static TagCondition? Of(StringValues header, Func<EntityTagHeaderValue, bool> counts)
    {
        if (header.Count == 0)
        {
            return null;
        }

        List<string> tags = EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out var named) ? [.. named.Where(counts).Select(tag => tag.Tag.ToString())] : [];
        return new TagCondition(tags, IsAny: tags is [var only] && only == EntityTagHeaderValue.Any.Tag.ToString());
    }
}
