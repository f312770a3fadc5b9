using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Enneo.Core.Activity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Hooks;
using Enneo.Tests.Webhooks;

namespace Enneo.Tests.Api;

/// <summary>What is said of the API is what it does.</summary>
[Collection(ApiCollection.Name)]
public sealed partial class ApiDescriptionTests(ApiHouse house)
{
    private static readonly string s_golden = Path.Combine(Solution.Folder, "Enneo.Tests", "Api", "open-api.json");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A change of the contract shows in this file, and is decided with it.</summary>
    [Fact]
    public async Task TheDescriptionIsTheOneThatWasAgreed()
    {
        var described = (await house.Service.GetAsync("docs/open-api")).Ok().Text.ReplaceLineEndings("\n").TrimEnd();
        var agreed = File.Exists(s_golden) ? (await File.ReadAllTextAsync(s_golden, Cancel)).ReplaceLineEndings("\n").TrimEnd() : "";
        var actual = Path.Combine(Path.GetTempPath(), "enneo-open-api.json");
        if (described != agreed)
        {
            await File.WriteAllTextAsync(actual, described + "\n", Cancel);
        }

        Assert.True(described == agreed, $"The description of the API has changed. If it shall, copy {actual} to {s_golden}.");
    }

    [Fact]
    public async Task ItIsOpenApi30_WithSecurityAndAnExampleForEachBody()
    {
        var document = (await house.Service.GetAsync("docs/open-api")).Ok().Json;

        Assert.StartsWith("3.0.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").GetProperty("scheme").GetString());
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name} {path.Name}", operation.Value))).ToList();
        Assert.True(operations.Count > 20);
        Assert.DoesNotContain(operations, operation => !operation.Name.Contains("/api/mind/", StringComparison.Ordinal) || !operation.Value.TryGetProperty("summary", out _));
        Assert.Equal(operations.Count, operations.Select(operation => operation.Value.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.Empty(
            from operation in operations
            from answer in operation.Value.GetProperty("responses").EnumerateObject()
            where answer.Name[0] == '4' && answer.Value.GetProperty("content").GetProperty("application/problem+json") is var problem
                && !(problem.TryGetProperty("example", out _) && problem.GetProperty("schema").GetProperty("$ref").GetString() == "#/components/schemas/Problem")
            select $"{operation.Name} {answer.Name}");
        Assert.Empty(
            from operation in operations
            where operation.Value.TryGetProperty("requestBody", out var body) && !body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _)
            select operation.Name);
    }

    [Fact]
    public async Task EveryAnswerToABodySaysThatItMayWarn()
    {
        var document = (await house.Service.GetAsync("docs/open-api")).Ok().Json;
        var schemas = document.GetProperty("components").GetProperty("schemas");

        Assert.Empty(
            from path in document.GetProperty("paths").EnumerateObject()
            where !path.Name.Contains("/hook/", StringComparison.Ordinal) // where the other system says what there is
            from operation in path.Value.EnumerateObject()
            where operation.Value.TryGetProperty("requestBody", out _)
            from answer in operation.Value.GetProperty("responses").EnumerateObject()
            where answer.Name[0] == '2' && answer.Value.TryGetProperty("content", out var content) && content.TryGetProperty("application/json", out var json)
                && !(json.GetProperty("schema").TryGetProperty("$ref", out var schema) && schemas.GetProperty(schema.GetString()!.Split('/')[^1]).GetProperty("properties").TryGetProperty("warnings", out var warnings)
                    && warnings.TryGetProperty("example", out _))
            select $"{operation.Name} {path.Name} {answer.Name}");
    }

    [Fact]
    public async Task ThePageToTryItNeedsNothingFromElsewhere()
    {
        using var admin = await house.SignInAsync(EnneoStore.PersonEmail, EnneoStore.PersonPassword);

        using var page = await admin.GetAsync("api/mind/docs/");
        var html = await page.Content.ReadAsStringAsync(Cancel);

        Assert.True(page.IsSuccessStatusCode, $"{page.StatusCode} {page.Headers.Location}");
        Assert.DoesNotContain(Elsewhere().Matches(html), match => !match.Value.Contains("localhost", StringComparison.Ordinal));
        Assert.Contains("object-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        (await house.ClientOf(null).GetAsync("docs/open-api")).Problem(401);
    }

    [Fact]
    public async Task EveryEndpointHasACallInTheManual()
    {
        var document = (await house.Service.GetAsync("docs/open-api")).Ok().Json;
        var calls = (await CallsAsync()).Select(call => (Method: MethodOf(call), Path: Address().Match(call).Groups["path"].Value)).ToList();

        Assert.Empty(
            from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            let pattern = $"^{Placeholder().Replace(path.Name.TrimEnd('/'), @"\$[A-Z]+")}$"
            where !calls.Any(call => call.Method == operation.Name.ToUpperInvariant() && Regex.IsMatch(call.Path, pattern))
            select $"{operation.Name} {path.Name}");
    }

    [Fact]
    public async Task EveryCallInTheManualWorks()
    {
        var made = await house.Get<ApiKeyEditing>().AddServiceAsync(new NewApiKey("Manual", ApiScopes.Read | ApiScopes.Write | ApiScopes.Send | ApiScopes.Admin), Actor.User(house.AdminId), "test", Cancel);
        var client = house.ClientOf(made.Secret);
        var mailbox = (await house.Service.PostAsync("settings/subchannel", new { name = "Manual", data = new { method = "api", address = "manual@example.test" } })).Ok(201).Json.GetProperty("subchannel").GetProperty("id").GetInt64();
        var tag = (await house.Service.PostAsync("tag", new { name = "Manual" })).Ok(201).Json.GetProperty("tag").GetProperty("id").GetInt64();
        var mail = await house.ReceiveAsync("Manual", mailbox, type: "multipart/mixed; boundary=b", text: "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nA file\r\n--b--");
        var part = (await house.Service.GetAsync($"ticket/{mail.TicketId}/conversation/{mail.MessageId}")).Ok().Json.GetProperty("conversation").GetProperty("attachments")[0].GetProperty("id").GetInt32();
        var webhook = (await house.Service.PostAsync("webhook", new { url = "https://crm.example/enneo", mailboxIds = new[] { mailbox }, ownKeyId = (long?)null })).Ok(201).Json.GetProperty("webhook").GetProperty("id").GetInt64();
        (await house.Service.PatchAsync($"ticket/{mail.TicketId}", new { status = "pending" })).Ok();
        var note = (await client.PostAsync($"ticket/{mail.TicketId}/conversation/store", new { content = new { message = "A note" } })).Ok(201).Json.GetProperty("id").GetInt64();
        var sent = (await client.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new { content = new { message = "On its way" } })).Ok().Json.GetProperty("id").GetInt64();
        Dictionary<string, string> variables = new()
        {
            ["ENNEO"] = house.Address.ToString().TrimEnd('/'),
            ["KEY"] = made.Secret!,
            ["TICKET"] = Number(mail.TicketId),
            ["MESSAGE"] = Number(mail.MessageId),
            ["ATTACHMENT"] = Number(part),
            ["NOTE"] = Number(note),
            ["SENT"] = Number(sent),
            ["TAG"] = Number(tag),
            ["TEMPLATE"] = Number(await house.TemplateAsync(mailbox)),
            ["OTHER"] = Number((await house.ReceiveAsync("Manual, once more", mailbox)).TicketId),
            ["MAILBOX"] = Number(mailbox),
            ["WEBHOOK"] = Number(webhook),
            ["DELIVERY"] = Number(await house.DeliveryAsync(webhook)),
            ["HOOK"] = Number((await HookSender.AddAsync(house, HookProof.Bearer)).HookId),
            ["SECRET"] = HookSender.SomeKey,
        };

        foreach (var call in await CallsAsync())
        {
            ProcessStartInfo start = new("bash", ["-c", call]) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var (name, value) in variables)
            {
                start.Environment[name] = value;
            }

            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(Cancel);
            await process.WaitForExitAsync(Cancel);
            Assert.True(process.ExitCode == 0, $"{process.ExitCode} {call} {output}");
            Assert.True(call.Contains("/raw", StringComparison.Ordinal) || call.Contains("/attachment/", StringComparison.Ordinal) || call.Contains("/test", StringComparison.Ordinal)
                || JsonDocument.Parse(output).RootElement.GetProperty("success").GetBoolean(), call);
        }
    }

    private static async Task<IReadOnlyList<string>> CallsAsync() =>
        [.. Call().Matches(await File.ReadAllTextAsync(Path.Combine(Solution.Folder, "docs", "api.md"), Cancel)).Select(match => match.Groups["call"].Value)];

    private static string MethodOf(string call) => Verb().Match(call) is { Success: true } verb ? verb.Groups["verb"].Value : call.Contains(" -d ", StringComparison.Ordinal) ? "POST" : "GET";

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("```bash\n(?<call>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Call();

    [GeneratedRegex(@"\$ENNEO(?<path>/[^""?]*)")]
    private static partial Regex Address();

    [GeneratedRegex("-X (?<verb>[A-Z]+)")]
    private static partial Regex Verb();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("(?:src|href)=\"(?:https?:)?//[^\"]+\"")]
    private static partial Regex Elsewhere();
}
