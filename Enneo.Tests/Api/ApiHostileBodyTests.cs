using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Templates;

namespace Enneo.Tests.Api;

/// <summary>Bodies that are very large, forms that are none, and hostile texts where only some requests take them: never a fault of ours.</summary>
[Collection(HostileApiCollection.Name)]
public sealed class ApiHostileBodyTests(ApiHouse house)
{
    private const int Seed = 20261130;

    private static readonly string[] s_lists = ["crlf.jsonl", "mail_header_injection.jsonl", "naughty_strings.jsonl"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Fact]
    public async Task WhatIsHugeIsRefusedInOurWords()
    {
        var ticket = (await house.ReceiveAsync("Huge")).TicketId;
        var (text, many) = (JsonSerializer.Serialize(new string('x', 10_000_000)), Enumerable.Repeat("\"a@b.example\"", 1_000_000));
        var (list, names) = ($"[{string.Join(',', many)}]", string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"n{i}\":1"))));
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Post, "ticket", $$"""{"subchannelId":{{house.Support}},"from":"a@b.example","body":{{text}}}"""),
            (HttpMethod.Post, "ticket", $$"""{"subchannelId":{{house.Support}},"from":"a@b.example","body":"x","to":{{list}}}"""),
            (HttpMethod.Post, "ticket", $$"""{"subchannelId":{{house.Support}},"from":"a@b.example","body":"x","attachments":{{list}}}"""),
            (HttpMethod.Post, "ticket", $$"""{"subchannelId":{{house.Support}},"from":"a@b.example","body":"x","additionalData":{ {{names}} } }"""),
            (HttpMethod.Post, "ticket", $$"""{"subchannelId":{{house.Support}},"from":"nobody","body":"x",{{names}}}"""),
            (HttpMethod.Post, $"ticket/{ticket}/conversation/reply", $$"""{"content":{"message":"x"},"isDraft":true,"cc":{{list}}}"""),
            (HttpMethod.Post, $"ticket/{ticket}/conversation/store", $$"""{"content":{"message":{{text}} } }"""),
            (HttpMethod.Post, "ticket/search", $$"""{"filters":[{"key":"id","comparator":"in","values":{{list}}}]}"""),
            (HttpMethod.Patch, "ticket", list),
            (HttpMethod.Post, "tag", $$"""{"name":{{text}}}"""),
        })
        {
            using StringContent content = new(body, Encoding.UTF8, "application/json");
            var answer = await Api.AskAsync(method, path, content, ("Expect", "100-continue"));
            Assert.True(answer.Status is 400 or 413 or 422, $"{method} {path} {body[..80]}: {answer.Status} {answer.Text[..Math.Min(400, answer.Text.Length)]}");
            Assert.Equal("application/problem+json", answer.Type);
        }
    }

    [Fact]
    public async Task AFormThatIsNoneIsRefused()
    {
        Random random = new(Seed);
        var ticket = (await house.ReceiveAsync("Forms")).TicketId;
        string[] types = ["multipart/form-data; boundary=b", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"b\"", "application/x-www-form-urlencoded"];
        string[] heads = ["form-data; name=json", "form-data; name=json; filename=a.json", "form-data; name=files; filename=a.txt", "form-data; name=files; filename*=UTF-8''%ff%00", "form-data", "attachment", "form-data; name=other", "\u0000", ""];
        string[] parts = ["{}", "null", "[]", "{\"content\":{\"message\":\"x\"}}", "{\"subchannelId\":1,\"from\":\"a@b.example\",\"body\":\"x\"}", "\ud83d\ude00", "\0\0", new string('x', 70_000), "--b"];
        string[] extra = ["", "Content-Type: text/plain\r\n", "Content-Transfer-Encoding: base64\r\n", "X: " + new string('y', 20_000) + "\r\n", "Content-Type: ;;;\r\n"];
        for (var i = 0; i < 300; i++)
        {
            StringBuilder body = new();
            for (var part = random.Next(5); part > 0; part--)
            {
                body.Append(CultureInfo.InvariantCulture, $"--b\r\nContent-Disposition: {Of(heads)}\r\n{Of(extra)}\r\n{Of(parts)}\r\n");
            }

            body.Append(random.Next(4) == 0 ? "" : "--b--\r\n");
            using ByteArrayContent content = new(Encoding.UTF8.GetBytes(body.ToString()));
            content.Headers.TryAddWithoutValidation("Content-Type", Of(types));
            var path = random.Next(3) switch { 0 => "ticket", 1 => $"ticket/{ticket}/conversation/store", _ => $"ticket/{ticket}/conversation/reply" };
            var answer = await Api.PostAsync(path, content);
            Assert.True(answer.Status < 500, $"{path} {body.ToString()[..Math.Min(body.Length, 400)]}: {answer.Status} {answer.Text}");
            Assert.True(answer.Status < 400 || answer.Type == "application/problem+json", answer.Type);
        }

        string Of(string[] some) => some[random.Next(some.Length)];
    }

    [Fact]
    public async Task HostileTextsAreTextInDraftsNamesOfFilesKeysOfRequestsAndTemplates()
    {
        var mail = await house.ReceiveAsync("Hostile texts");
        var draft = (await Api.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new { isDraft = true, content = new { message = "x" } })).Ok().Json.GetProperty("id").GetInt64();
        var folder = await Exams.RequireAsync("lists");
        List<string> values = [];
        foreach (var list in s_lists)
        {
            values.AddRange((await File.ReadAllLinesAsync(Path.Combine(folder, list), Cancel)).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line).GetProperty("value").GetString()!).Where((_, index) => index % 4 == 0));
        }

        await Parallel.ForEachAsync(values, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel }, async (value, _) =>
        {
            foreach (var change in new object[] { new { subject = value }, new { to = new[] { value } }, new { cc = new[] { value }, bcc = new[] { value } }, new { content = new { message = value } } })
            {
                Check(value, await Api.PatchAsync($"ticket/{mail.TicketId}/conversation/{draft}", change));
            }

            Check(value, await Api.PostAsync($"ticket/{mail.TicketId}/conversation/store", FormWith(value)));
            if (value.Length > 0 && value.All(letter => letter is >= ' ' and <= '~'))
            {
                Check(value, await Api.PostAsync("ticket/search", new { limit = 1 }, ("Idempotency-Key", value)));
            }

            var template = await house.Get<TemplateEditing>().AddAsync(new TemplateInput { Name = $"T {Guid.NewGuid():N}", Text = value.Length > 0 ? value : "x", MailboxIds = [house.Support] }, Actor.Operator, "test", Cancel);
            if (template.TemplateId is { } id)
            {
                Check(value, await Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, templateId = id, process = false }));
            }
        });

        static void Check(string value, ApiReply answer) => Assert.True(answer.Status < 500, $"{value}: {answer.Status} {answer.Text}");
    }

    /// <summary>As bytes: a client that is well brought up would not write it.</summary>
    private static ByteArrayContent FormWith(string fileName)
    {
        ByteArrayContent form = new(Encoding.UTF8.GetBytes(
            $"--b\r\nContent-Disposition: form-data; name=json\r\n\r\n{{\"content\":{{\"message\":\"x\"}}}}\r\n--b\r\nContent-Disposition: form-data; name=files; filename=\"{fileName.Replace("\"", "%22", StringComparison.Ordinal)}\"\r\n\r\nA\r\n--b--\r\n"));
        form.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        return form;
    }
}
