using System.Globalization;
using System.Text.Json;
using Enneo.Core.Integrations.Hooks;
using Enneo.Tests.Api;
using MimeKit;

namespace Enneo.Tests.Webhooks;

/// <summary>Collections of what attackers send, in every field that a hook reads: refused field by field, or taken as text.</summary>
[Collection(ApiCollection.Name)]
public sealed class HookExamTests(ApiHouse house)
{
    private static readonly string[] s_lines = [HookFields.From, HookFields.FromName, HookFields.Subject, HookFields.InternetMessageId];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("crlf.jsonl", 1)]
    [InlineData("mail_header_injection.jsonl", 3)]
    [InlineData("naughty_strings.jsonl", 8)]
    [InlineData("mail_header_injection.jsonl", 1, Explicit = true, Traits = ["Category", "Long"])]
    [InlineData("naughty_strings.jsonl", 1, Explicit = true, Traits = ["Category", "Long"])]
    public async Task WhatAHookIsSentIsTextAndNeverAHeader(string list, int every)
    {
        var fields = HookFields.Of(HookAction.Upsert);
        var sender = await HookSender.AddAsync(house, HookProof.Bearer, input => input with { Fields = fields.ToDictionary(field => field, field => $"$.{field}") });
        var folder = await Exams.RequireAsync("lists");
        var values = (await File.ReadAllLinesAsync(Path.Combine(folder, list), Cancel)).Where(line => line.Length > 0)
            .Where((_, index) => index % every == 0).Select(line => JsonElement.Parse(line).GetProperty("value").GetString()!).ToList();

        await Parallel.ForEachAsync(values, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel }, async (value, _) =>
        {
            foreach (var field in s_lines)
            {
                await SendAsync(sender, value, new() { [HookFields.ExternalTicket] = Guid.NewGuid().ToString("N"), [HookFields.From] = ApiHouse.Customer, [HookFields.Subject] = "One field", [HookFields.Body] = "x", [field] = value });
            }

            await SendAsync(sender, value, fields.ToDictionary(field => field, field => field is HookFields.From ? ApiHouse.Customer : value));
        });
    }

    private async Task SendAsync(HookSender sender, string value, Dictionary<string, string> said)
    {
        var answer = await sender.SendAsync(JsonSerializer.Serialize(said));
        Assert.True(answer.Status < 500, $"{value}: {answer.Status} {answer.Text}");
        if (answer.Status != 200 || !answer.Json.TryGetProperty("ticketId", out var id) || id.ValueKind is not JsonValueKind.Number)
        {
            return;
        }

        var ticket = id.GetInt64();
        foreach (var message in (await house.Service.GetAsync(string.Create(CultureInfo.InvariantCulture, $"ticket/{ticket}/conversation"))).Ok().Json.GetProperty("conversation").EnumerateArray())
        {
            var raw = (await house.Service.GetAsync(string.Create(CultureInfo.InvariantCulture, $"ticket/{ticket}/conversation/{message.GetProperty("id").GetInt64()}/raw"))).Ok().Bytes;
            using MemoryStream source = new(raw);
            using var mail = await MimeMessage.LoadAsync(source, Cancel);
            Assert.Equal(mail.Headers.Count, mail.Headers.Select(header => header.Field.ToUpperInvariant()).Distinct().Count());
            Assert.DoesNotContain(mail.Headers, header => header.Field.Equals("Bcc", StringComparison.OrdinalIgnoreCase) || header.Field.StartsWith("Set-Cookie", StringComparison.OrdinalIgnoreCase) || header.Field.StartsWith("X-", StringComparison.OrdinalIgnoreCase));
        }
    }
}
