using System.Globalization;
using System.Text.Json.Nodes;

namespace Enneo.Web.Api;

/// <summary>What was answered, and beside it what of the request was not read: <c>warnings</c>.</summary>
internal sealed class WarnedResult(IResult answer, IReadOnlyList<string> ignored) : IResult
{
    public const string Field = "warnings";

    private const int MostNamed = 20;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var stream = response.Body;
        using MemoryStream written = new();
        response.Body = written;
        try
        {
            await answer.ExecuteAsync(httpContext);
        }
        finally
        {
            response.Body = stream;
        }

        var bytes = written.ToArray();
        if (bytes.Length > 0 && response.StatusCode is >= 200 and < 300 && JsonNode.Parse(bytes) is JsonObject json)
        {
            if (json[Field] is not JsonArray warnings)
            {
                json[Field] = warnings = [];
            }

            foreach (var field in ignored.Take(MostNamed))
            {
                warnings.Add((JsonNode)string.Format(CultureInfo.InvariantCulture, ApiText.FieldIgnored, field));
            }
            bytes = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
        }

        response.ContentLength = bytes.Length;
        await stream.WriteAsync(bytes, httpContext.RequestAborted);
    }
}
