using System.Globalization;
using System.Text;
using System.Text.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Enneo.Core.Integrations.Hooks;

/// <summary>The JSON of a call, asked by JSONPath (as Json.NET reads it).</summary>
public sealed class HookPayload
{
    private const int MaxDepth = 32;
    private const int MaxPaths = 200;

    private static readonly JsonSelectSettings s_select = new() { RegexMatchTimeout = TimeSpan.FromMilliseconds(100) };

    private readonly JToken _root;

    private HookPayload(JToken root, string text) => (_root, Text) = (root, text);

    /// <summary>As it came.</summary>
    public string Text { get; }

    /// <returns>Null for what is no JSON, strictly read, or is nested deeper than anybody means.</returns>
    public static HookPayload? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using (JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth }))
            {
                if (!WholeJson.Is(body.Span))
                {
                    return null;
                }

                var text = Encoding.UTF8.GetString(body.Span);
                using StringReader characters = new(text);
                using JsonTextReader reader = new(characters) { DateParseHandling = DateParseHandling.None, MaxDepth = MaxDepth + 1 };
                return new HookPayload(JToken.ReadFrom(reader), text);
            }
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or JsonReaderException)
        {
            return null;
        }
    }

    public static bool IsPath(string path)
    {
        try
        {
            new JObject().SelectToken(path);
            return true;
        }
        catch (Newtonsoft.Json.JsonException)
        {
            return false;
        }
    }

    /// <returns>What stands there, as text: objects and lists as JSON; nothing for null and for what is not there.</returns>
    public IReadOnlyList<string> Find(string path) => [.. Tokens(path).Select(TextOf)];

    /// <returns>The same, a list as its members.</returns>
    public IReadOnlyList<string> FindEach(string path) => [.. Tokens(path).SelectMany(token => token is JArray list ? list.Where(IsThere) : [token]).Select(TextOf)];

    /// <summary>Where its values stand, to be chosen from.</summary>
    public IReadOnlyList<string> Paths() => _root is JContainer root
        ? [.. root.DescendantsAndSelf().OfType<JValue>().Where(value => value.Path.Length > 0).Take(MaxPaths).Select(value => value.Path[0] == '[' ? $"${value.Path}" : $"$.{value.Path}")]
        : [];

    private IEnumerable<JToken> Tokens(string path)
    {
        try
        {
            return [.. _root.SelectTokens(path, s_select).Where(IsThere)];
        }
        catch (Exception exception) when (exception is Newtonsoft.Json.JsonException or System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            return []; // what fits no value of this kind finds none
        }
    }

    private static bool IsThere(JToken token) => token.Type is not (JTokenType.Null or JTokenType.Undefined);

    private static string TextOf(JToken token) => token switch
    {
        JValue { Type: JTokenType.Boolean } truth => (bool)truth ? "true" : "false",
        JValue value => Convert.ToString(value.Value, CultureInfo.InvariantCulture) ?? "",
        _ => token.ToString(Formatting.None),
    };
}
