using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Api;

/// <summary>Collections of what attackers send, in every field that takes it: refused or taken as what it is, and never more.</summary>
[Collection(HostileApiCollection.Name)]
public sealed class ApiExamTests(ApiHouse house)
{
    private static readonly string[] s_headers =
        ["From", "To", "Cc", "Bcc", "Reply-To", "Subject", "Date", "Message-Id", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Fact]
    [Trait("Check", "W03")]
    public async Task NoFileIsFetchedFromWithin()
    {
        var urls = (await ReadAsync("ssrf_urls.jsonl")).Where(line => line.GetProperty("expect").GetString() == "block").Select(line => line.GetProperty("url").GetString()!).ToList();
        var mail = await house.ReceiveAsync("Files from within");
        var note = (await Api.PostAsync($"ticket/{mail.TicketId}/conversation/store", new { content = new { message = "A note" } })).Ok(201).Json.GetProperty("id").GetInt64();
        var before = await CountAsync();

        await Parallel.ForEachAsync(urls, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel }, async (url, _) =>
        {
            object[] attachments = [new { name = "a.txt", url }];
            var answer = await Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, body = "x", attachments });
            Assert.True(answer.Status is 400 or 422, $"{url}: {answer.Status}");
            foreach (var (method, path) in new[] { (HttpMethod.Post, "reply"), (HttpMethod.Post, "store"), (HttpMethod.Patch, Number(note)) })
            {
                var later = await Api.AskAsync(method, $"ticket/{mail.TicketId}/conversation/{path}", new { content = new { message = "x" }, attachments });
                Assert.True(later.Status is 400 or 422, $"{path} {url}: {later.Status}");
            }
        });

        Assert.Equal(before, await CountAsync());
    }

    [Theory]
    [InlineData("crlf.jsonl", 1)]
    [InlineData("mail_header_injection.jsonl", 4)]
    [InlineData("naughty_strings.jsonl", 6)]
    [InlineData("mail_header_injection.jsonl", 1, Explicit = true, Traits = ["Category", "Long"])]
    [InlineData("naughty_strings.jsonl", 1, Explicit = true, Traits = ["Category", "Long"])]
    public async Task WhatIsSentIsTextAndNeverAHeader(string list, int every)
    {
        var values = (await ReadAsync(list)).Where((_, index) => index % every == 0).Select(line => line.GetProperty("value").GetString()!).ToList();

        await Parallel.ForEachAsync(values, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel }, async (value, _) =>
        {
            foreach (var field in new[] { "subject", "fromName", "from", "to", "cc", "bcc", "internetMessageId" })
            {
                await SendAsync(field, value, WithField(field, value));
            }

            await SendAsync("texts", value, new
            {
                subchannelId = house.Support,
                from = ApiHouse.Customer,
                subject = "Texts",
                body = value.Length > 0 ? value : "x",
                externalConversationId = Cut(value),
                contractId = Cut(value),
                additionalData = new Dictionary<string, string> { [value] = value },
                rawData = value,
                templateData = new Dictionary<string, string> { [value.Length > 0 ? value : "x"] = value },
                attachments = new[] { new { name = value, base64 = "QQ==", contentType = value } },
                process = false,
            });
        });
    }

    [Theory]
    [InlineData("crlf.jsonl", 1)]
    [InlineData("mail_header_injection.jsonl", 4)]
    [InlineData("naughty_strings.jsonl", 6)]
    [InlineData("mail_header_injection.jsonl", 1, Explicit = true, Traits = ["Category", "Long"])]
    [InlineData("naughty_strings.jsonl", 1, Explicit = true, Traits = ["Category", "Long"])]
    public async Task EveryOtherFieldTakesItOrSaysThatItDoesNot(string list, int every)
    {
        var values = (await ReadAsync(list)).Where((_, index) => index % every == 0).Select(line => line.GetProperty("value").GetString()!).ToList();
        var mail = await house.ReceiveAsync("Every other field");
        var own = (await Api.PostAsync("settings/subchannel", new { name = "Own", enabled = false, data = new { method = "api", address = $"own{Guid.NewGuid():N}@example.test" } })).Ok(201).Json.GetProperty("subchannel").GetProperty("id").GetInt64();
        var note = (await Api.PostAsync($"ticket/{mail.TicketId}/conversation/store", new { content = new { message = "A note" } })).Ok(201).Json.GetProperty("id").GetInt64();

        await Parallel.ForEachAsync(values, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel }, async (value, _) =>
        {
            foreach (var (method, path, body) in new (HttpMethod, string, object)[]
            {
                (HttpMethod.Patch, $"ticket/{mail.TicketId}", new { subject = value, externalTicketId = Cut(value), contractId = Cut(value) }),
                (HttpMethod.Patch, $"ticket/{mail.TicketId}/conversation/{note}", new { content = new { message = value }, removedAttachments = new[] { new { name = value, sha256 = value } } }),
                (HttpMethod.Post, "ticket/search", new { filters = new object[] { new { key = "q", value }, new { key = "subject", value }, new { key = "from", value } }, limit = 1 }),
                (HttpMethod.Post, "ticket/search", new { filters = new[] { new { key = value, comparator = value } }, cursor = value, orderByField = value }),
                (HttpMethod.Post, "tag", new { name = value, channels = new[] { value }, detectionDetails = new { mode = "conditions", conditions = new { tests = new[] { new { field = "subject", @operator = "contains", values = new[] { value } } } } } }),
                (HttpMethod.Post, "ticket/search", new { filters = new object[] { new { key = "fromName", value }, new { key = "language", value }, new { key = "languageCode", value } }, limit = 1 }),
                (HttpMethod.Patch, $"ticket/{mail.TicketId}", new { additionalData = new Dictionary<string, string> { [value] = value }, ifMatch = value }),
                (HttpMethod.Post, $"ticket/{mail.TicketId}/conversation/store", new
                {
                    direction = "in", from = value, fromName = value, subject = value, externalConversationId = Cut(value), internetMessageId = value, rawData = value, content = new { message = value },
                }),
                (HttpMethod.Post, $"ticket/{mail.TicketId}/conversation/reply", new { isDraft = true, subject = value, to = new[] { value }, cc = new[] { value }, bcc = new[] { value }, content = new { message = value } }),
                (HttpMethod.Post, $"ticket/{mail.TicketId}/forward", new { toEmail = value, subject = value, body = value }),
                (HttpMethod.Post, "webhook", new { url = value, events = new[] { value }, trustedCertificate = value }),
                (HttpMethod.Post, $"settings/subchannel/{house.Support}/helpdesk", new { name = value, mails = new[] { new { messageId = value, ticket = value, status = value, assignee = value, time = value } } }),
                (HttpMethod.Post, "settings/subchannel", new { name = value, data = new { method = "api", address = value } }),
                (HttpMethod.Put, $"settings/subchannel/{own}", new
                {
                    name = value,
                    enabled = false,
                    data = new
                    {
                        method = "imap", address = $"own{own}@example.test", senderName = value, aliases = new[] { value }, folders = new[] { value },
                        imap = new { host = value, user = value, password = value, security = value, trustedCertificate = value }, smtp = new { host = value, user = value, password = value },
                    },
                }),
                (HttpMethod.Post, $"ticket/{mail.TicketId}/conversation/{mail.MessageId}/split", new { externalTicketId = Cut(value) }),
                (HttpMethod.Post, $"ticket/{mail.TicketId}/reprocess", new { scope = value }),
                (HttpMethod.Post, "ticket/getLatest", new { filters = new[] { new { key = "contractId", value } } }),
            })
            {
                var answer = await Api.AskAsync(method, path, body);
                Assert.True(answer.Status < 500, $"{method} {path} {value}: {answer.Status} {answer.Text}");
            }
        });
    }

    /// <summary>What is sent says what was given as text, and has no header but its own.</summary>
    [Theory]
    [InlineData("crlf.jsonl")]
    [InlineData("mail_header_injection.jsonl")]
    public async Task AnAnswerHasNoHeaderButItsOwn(string list)
    {
        var mail = await house.ReceiveAsync("To be answered");
        foreach (var value in (await ReadAsync(list)).Select(line => line.GetProperty("value").GetString()!))
        {
            var answer = await Api.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new
            {
                subject = value,
                content = new { message = value.Length > 0 ? value : "x" },
                templateData = new Dictionary<string, string> { ["name"] = value },
                attachments = new[] { new { name = value, base64 = "QQ==", contentType = value } },
            });
            Assert.True(answer.Status < 500, $"{value}: {answer.Status} {answer.Text}");
            if (answer.Status == 200)
            {
                var raw = (await Api.GetAsync(string.Create(CultureInfo.InvariantCulture, $"ticket/{mail.TicketId}/conversation/{answer.Json.GetProperty("id").GetInt64()}/raw"))).Ok().Bytes;
                using MemoryStream source = new(raw);
                using var sent = await MimeMessage.LoadAsync(source, Cancel);
                Assert.Equal(sent.Headers.Count, sent.Headers.Select(header => header.Field.ToUpperInvariant()).Distinct().Count());
                Assert.DoesNotContain(sent.Headers, header => header.Field.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase) || header.Field.StartsWith("Set-Cookie", StringComparison.OrdinalIgnoreCase) || (header.Field.StartsWith("X-", StringComparison.OrdinalIgnoreCase) && header.Field != "X-Enneo-Ticket"));
            }
        }
    }

    /// <summary>Not saved where the address says it, and not reached where only its name leads there.</summary>
    [Fact]
    public async Task NoWebhookIsPostedWithin()
    {
        var urls = (await ReadAsync("ssrf_urls.jsonl")).Where(line => line.GetProperty("expect").GetString() == "block").Select(line => line.GetProperty("url").GetString()!).ToList();

        await Parallel.ForEachAsync(urls, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel }, async (url, _) =>
        {
            var added = await Api.PostAsync("webhook", new { url, active = false });
            Assert.True(added.Status is 201 or 400 or 422, $"{url}: {added.Status} {added.Text}");
            var id = (added.Status == 201 ? added : (await Api.PostAsync("webhook", new { url = "https://crm.example/enneo", active = false })).Ok(201)).Json.GetProperty("webhook").GetProperty("id").GetInt64();
            var changed = await Api.PutAsync($"webhook/{Number(id)}", new { url, active = false }); // as it is checked when it is added
            Assert.Equal(added.Status == 201 ? 200 : added.Status, changed.Status);
            if (added.Status == 201)
            {
                var tried = (await Api.PostAsync($"webhook/{Number(id)}/test", new { })).Json;
                Assert.True(!tried.TryGetProperty("status", out var status) || status.ValueKind is JsonValueKind.Null, $"{url}: {tried}");
            }

            (await Api.DeleteAsync($"webhook/{Number(id)}")).Ok();
        });
    }

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static string? Cut(string value) => value.Length == 0 ? null : value[..Math.Min(value.Length, 100)];

    private object WithField(string field, string value) => new Dictionary<string, object?>
    {
        ["subchannelId"] = house.Support,
        ["from"] = ApiHouse.Customer,
        ["subject"] = "One field",
        ["body"] = "x",
        ["process"] = false,
        [field] = field is "to" or "cc" or "bcc" ? new[] { value } : value,
    };

    /// <summary>Where it is taken, the mail that it became has no header but its own.</summary>
    private async Task SendAsync(string field, string value, object body)
    {
        var answer = await Api.PostAsync("ticket", body);
        Assert.True(answer.Status < 500, $"{field} {value}: {answer.Status} {answer.Text}");
        if (answer.Status != 201)
        {
            return;
        }

        var (ticket, message) = (answer.Json.GetProperty("id").GetInt64(), answer.Json.GetProperty("conversationId").GetInt64());
        var raw = (await Api.GetAsync(string.Create(CultureInfo.InvariantCulture, $"ticket/{ticket}/conversation/{message}/raw"))).Ok().Bytes;
        using MemoryStream source = new(raw);
        using var mail = await MimeMessage.LoadAsync(source, Cancel);
        Assert.All(mail.Headers, header => Assert.Contains(header.Field, s_headers, StringComparer.OrdinalIgnoreCase));
        Assert.Equal(mail.Headers.Count, mail.Headers.Select(header => header.Field.ToUpperInvariant()).Distinct().Count());
        Assert.All(mail.BodyParts, part => Assert.DoesNotContain(part.Headers, header => header.Field.StartsWith("Set-Cookie", StringComparison.OrdinalIgnoreCase) || header.Field.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase)));
    }

    private Task<(int, int)> CountAsync() => house.ReadAsync(async db => (await db.Tickets.CountAsync(Cancel), await db.Messages.CountAsync(Cancel)));

    private static async Task<IReadOnlyList<JsonElement>> ReadAsync(string list)
    {
        var folder = await Exams.RequireAsync("lists");
        return [.. (await File.ReadAllLinesAsync(Path.Combine(folder, list), Cancel)).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line))];
    }
}
