using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Enneo.Tests.Api;

/// <summary>Requests made from the description itself, right and wrong: whatever comes, it is never a fault of ours.</summary>
[Collection(HostileApiCollection.Name)]
public sealed class ApiFuzzTests(ApiHouse house)
{
    private const int Seed = 20261129;
    private const int RequestsEach = 60;
    private const int MaxDepth = 5;

    private static readonly string[] s_odd = ["", " ", "\0", "\u202e", "\ud83d\ude00", "null", "../../etc/passwd", "' OR 1=1 --", "<script>", "%00", "\r\nX: y", "9999-99-99", "NaN"];

    [Fact]
    public async Task WhatIsMadeFromTheDescriptionIsAnsweredInItsWords()
    {
        var document = (await house.Service.GetAsync("docs/open-api")).Ok().Json;
        Random random = new(Seed);
        Dictionary<int, int> statuses = [];
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(operation => !(operation.Name == "delete" && path.Name.Contains("subchannel", StringComparison.Ordinal))))
            {
                for (var i = 0; i < RequestsEach; i++)
                {
                    var address = Address(path.Name, operation.Value, random);
                    var body = Body(document, operation.Value, random);
                    using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
                    var answer = await house.Service.AskAsync(new HttpMethod(operation.Name.ToUpperInvariant()), address, content);

                    statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
                    Assert.True(answer.Status < 500, $"{operation.Name} {address} {body?[..Math.Min(body.Length, 400)]}: {answer.Status} {answer.Text}");
                    Assert.True(answer.Status is < 400 || answer.Type == "application/problem+json", $"{operation.Name} {address}: {answer.Status} {answer.Type}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.True(statuses.Keys.Any(status => status < 300) && statuses.GetValueOrDefault(400) > 0);
    }

    private static string Address(string path, JsonElement operation, Random random)
    {
        var address = path["/api/mind/".Length..];
        List<string> query = [];
        foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [])
        {
            var name = parameter.GetProperty("name").GetString()!;
            var value = random.Next(4) == 0 ? Uri.EscapeDataString(Odd(random)) : random.Next(1, 40).ToString(CultureInfo.InvariantCulture);
            switch (parameter.GetProperty("in").GetString())
            {
                case "path":
                    address = address.Replace($"{{{name}}}", value.Length == 0 || value.Contains('%', StringComparison.Ordinal) || value.Contains("..", StringComparison.Ordinal) ? "x" : value, StringComparison.Ordinal);
                    break;
                case "query" when random.Next(3) == 0:
                    query.Add($"{name}={value}");
                    break;
            }
        }

        return query.Count == 0 ? address : $"{address}?{string.Join('&', query)}";
    }

    private static string? Body(JsonElement document, JsonElement operation, Random random) =>
        operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out var json)
            ? random.Next(20) == 0 ? Odd(random) : Value(document, json.GetProperty("schema"), random, 0)
            : null;

    private static string Value(JsonElement document, JsonElement schema, Random random, int depth)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        if (schema.TryGetProperty("oneOf", out var choices) || schema.TryGetProperty("allOf", out choices) || schema.TryGetProperty("anyOf", out choices))
        {
            return Value(document, choices[random.Next(choices.GetArrayLength())], random, depth);
        }

        var kind = schema.TryGetProperty("type", out var type) ? type.GetString() : null;
        return random.Next(8) == 0 || depth > MaxDepth ? Wrong(random) : kind switch
        {
            "object" => Object(document, schema, random, depth),
            "array" => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(document, schema.GetProperty("items"), random, depth + 1)))}]",
            "integer" or "number" => random.Next(3) == 0 ? random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture) : random.Next(0, 30).ToString(CultureInfo.InvariantCulture),
            "boolean" => random.Next(2) == 0 ? "true" : "false",
            "string" when schema.TryGetProperty("enum", out var words) => JsonSerializer.Serialize(words[random.Next(words.GetArrayLength())].GetString()),
            "string" when schema.TryGetProperty("format", out var format) && format.GetString() == "date-time" => "\"2026-11-29T10:00:00Z\"",
            "string" => JsonSerializer.Serialize(random.Next(3) == 0 ? "anna@example.com" : Odd(random)),
            _ => Wrong(random),
        };
    }

    private static string Object(JsonElement document, JsonElement schema, Random random, int depth)
    {
        List<string> fields = [];
        foreach (var property in schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject() : default)
        {
            if (random.Next(3) == 0)
            {
                fields.Add($"{JsonSerializer.Serialize(property.Name)}:{Value(document, property.Value, random, depth + 1)}");
            }
        }

        if (random.Next(20) == 0)
        {
            fields.Add($"{JsonSerializer.Serialize(Odd(random) + "unknown")}:1");
        }

        return $"{{{string.Join(',', fields)}}}";
    }

    private static string Wrong(Random random) => random.Next(9) switch
    {
        0 => "null",
        1 => "true",
        2 => "-1",
        3 => "1e400",
        4 => "123456789012345678901234567890",
        5 => "\"\\ud800\"",
        6 => "[[]]",
        7 => "{\"a\":{\"b\":[]}}",
        _ => JsonSerializer.Serialize(new string('x', random.Next(1, 3000))),
    };

    private static string Odd(Random random) => s_odd[random.Next(s_odd.Length)];
}
