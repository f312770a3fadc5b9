using System.Globalization;
using System.Text.Json.Nodes;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Speaks our own API: another installation, or a system for which somebody has made this part of it.</summary>
internal sealed class EnneoSystem : IOtherSystem
{
    private const int Page = 100;

    public bool MayEdit => true;

    public bool KnowsNames => true;

    public async Task<OtherTicket?> ReadAsync(OtherCalls calls, string ticketId, CancellationToken cancellationToken)
    {
        if (await calls.GetAsync($"ticket/{Uri.EscapeDataString(ticketId)}", cancellationToken) is not var (answer, version))
        {
            return null;
        }

        var ticket = answer["ticket"]!;
        var id = JsonRead.Text(ticket["id"])!;
        var names = await TagsAsync(calls, cancellationToken);
        return new OtherTicket(id, id == ticketId ? null : id, JsonRead.Text(ticket["externalTicketId"]), version, JsonRead.Address(ticket["customer"]?["email"], ticket["customer"]?["name"]))
        {
            Subject = JsonRead.Text(ticket["subject"]) ?? "",
            Status = JsonRead.Text(ticket["status"]),
            Priority = JsonRead.Text(ticket["priority"]),
            Assignee = JsonRead.Text(ticket["assignee"]),
            Tags = [.. JsonRead.Each(ticket["tags"]).Select(tag => names.GetValueOrDefault(JsonRead.Text(tag) ?? "")).OfType<string>()],
            KnownTags = names.Values.ToHashSet(StringComparer.OrdinalIgnoreCase),
            Messages = await MessagesAsync(calls, id, cancellationToken),
        };
    }

    public async Task<(string TicketId, string? MessageId)> OpenAsync(OtherCalls calls, string name, GivenMessage first, DateTimeOffset? begun, CancellationToken cancellationToken)
    {
        var body = BodyOf(first);
        body["direction"] = first.Kind is OtherMessageKind.Out ? "out" : "in";
        body["subchannelId"] = JsonRead.Number(calls.Integration.TheirMailbox);
        body["externalTicketId"] = name;
        body["body"] = first.Text;
        var answer = await calls.SendAsync(HttpMethod.Post, "ticket", body, null, cancellationToken);
        return (JsonRead.Text(answer["id"])!, JsonRead.Text(answer["conversationId"]));
    }

    public async Task<string> AddAsync(OtherCalls calls, string ticketId, GivenMessage message, CancellationToken cancellationToken)
    {
        var body = BodyOf(message);
        body["content"] = new JsonObject { ["message"] = message.Text };
        if (message.IsToBeMailed)
        {
            foreach (var of in (string[])["from", "fromName", "createdAt", "internetMessageId"])
            {
                body.Remove(of);
            }

            var sent = await calls.SendAsync(HttpMethod.Post, $"ticket/{ticketId}/conversation/reply", body, null, cancellationToken);
            return JsonRead.Text(sent["id"])!;
        }

        if (message.Kind is OtherMessageKind.Note || message.IsHidden)
        {
            body["private"] = true;
        }
        else
        {
            body["direction"] = message.Kind is OtherMessageKind.Out ? "out" : "in";
        }

        var stored = await calls.SendAsync(HttpMethod.Post, $"ticket/{ticketId}/conversation/store", body, null, cancellationToken);
        return JsonRead.Text(stored["id"])!;
    }

    public async Task ChangeAsync(OtherCalls calls, OtherTicket ticket, GivenFields fields, CancellationToken cancellationToken)
    {
        JsonObject body = [];
        foreach (var (field, value) in fields.Values)
        {
            body[JsonRead.Camel(field)] = field is SyncedField.Assignee ? JsonRead.Number(value) : value;
        }

        if (fields.Tags is { } tags)
        {
            var ids = (await TagsAsync(calls, cancellationToken)).GroupBy(tag => tag.Value, StringComparer.OrdinalIgnoreCase).ToDictionary(same => same.Key, same => same.First().Key, StringComparer.OrdinalIgnoreCase);
            body["tagIds"] = new JsonArray([.. tags.Select(tag => ids.GetValueOrDefault(tag)).OfType<string>().Select(JsonRead.Number)]);
        }

        await calls.SendAsync(HttpMethod.Patch, $"ticket/{ticket.Id}", body, ticket.Version, cancellationToken);
    }

    public Task EditAsync(OtherCalls calls, string ticketId, string messageId, string text, bool isHtml, ChangedFiles files, CancellationToken cancellationToken)
    {
        JsonObject body = new() { ["content"] = new JsonObject { ["message"] = text.Length > 0 ? text : " " }, ["type"] = isHtml ? "html" : "text" };
        if (files.Added.Count > 0)
        {
            body["attachments"] = FilesOf(files.Added);
        }

        if (files.Removed.Count > 0)
        {
            body["removedAttachments"] = new JsonArray([.. files.Removed.Select(file => new JsonObject { ["name"] = file.Name, ["sha256"] = file.Sha256 })]);
        }

        return calls.SendAsync(HttpMethod.Patch, $"ticket/{ticketId}/conversation/{messageId}", body, null, cancellationToken);
    }

    public async Task DeleteAsync(OtherCalls calls, string ticketId, string messageId, CancellationToken cancellationToken)
    {
        if (!await calls.DeleteAsync($"ticket/{ticketId}/conversation/{messageId}", cancellationToken))
        {
            throw new OtherSystemException(404, ConnectedText.NoDeleting, null); // it was there when it was read
        }
    }

    public async Task<string?> WhereAsync(OtherCalls calls, string messageId, CancellationToken cancellationToken) =>
        await calls.GetAsync($"conversation/{Uri.EscapeDataString(messageId)}", cancellationToken) is var (answer, _) ? JsonRead.Text(answer["conversation"]?["ticketId"]) : null;

    public async Task<string?> SplitAsync(OtherCalls calls, string ticketId, IReadOnlyList<string> messageIds, string name, CancellationToken cancellationToken)
    {
        JsonObject body = new() { ["with"] = new JsonArray([.. messageIds.Skip(1).Select(JsonRead.Number)]), ["externalTicketId"] = name };
        return JsonRead.Text((await calls.SendAsync(HttpMethod.Post, $"ticket/{ticketId}/conversation/{messageIds[0]}/split", body, null, cancellationToken))["ticket"]?["id"]);
    }

    public Task MergeAsync(OtherCalls calls, string from, string into, CancellationToken cancellationToken) =>
        calls.SendAsync(HttpMethod.Post, $"ticket/{into}/merge", new JsonObject { ["ticketIds"] = new JsonArray(JsonRead.Number(from)) }, null, cancellationToken);

    public async Task<bool> MoveAsync(OtherCalls calls, string ticketId, string messageId, string into, CancellationToken cancellationToken)
    {
        await calls.SendAsync(HttpMethod.Post, $"ticket/{ticketId}/conversation/{messageId}/move", new JsonObject { ["ticketId"] = JsonRead.Number(into) }, null, cancellationToken);
        return true;
    }

    private static JsonObject BodyOf(GivenMessage message) => new()
    {
        ["externalConversationId"] = message.Name,
        ["type"] = message.IsHtml ? "html" : "text",
        ["from"] = message.From.Address,
        ["fromName"] = message.From.Name,
        ["to"] = message.To.Count == 0 ? null : new JsonArray([.. message.To.Select(to => (JsonNode)to.Address)]),
        ["cc"] = message.Cc.Count == 0 ? null : new JsonArray([.. message.Cc.Select(cc => (JsonNode)cc.Address)]),
        ["bcc"] = message.IsToBeMailed && message.Bcc.Count > 0 ? new JsonArray([.. message.Bcc.Select(bcc => (JsonNode)bcc.Address)]) : null,
        ["subject"] = message.Subject,
        ["createdAt"] = message.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["internetMessageId"] = message.InternetMessageId,
        ["attachments"] = FilesOf(message.Files),
    };

    private static JsonArray FilesOf(IReadOnlyList<GivenFile> files) =>
        [.. files.Select(file => new JsonObject { ["name"] = file.Name, ["contentType"] = file.ContentType, ["base64"] = Convert.ToBase64String(file.Bytes) })];

    private static async Task<IReadOnlyList<OtherMessage>> MessagesAsync(OtherCalls calls, string ticketId, CancellationToken cancellationToken)
    {
        List<OtherMessage> messages = [];
        for (var offset = 0; ; offset += Page)
        {
            if (await calls.GetAsync(string.Create(CultureInfo.InvariantCulture, $"ticket/{ticketId}/conversation?limit={Page}&offset={offset}"), cancellationToken) is not var (answer, _))
            {
                return messages;
            }

            var page = JsonRead.Each(answer["conversation"]).ToList();
            messages.AddRange(page.Where(message => !JsonRead.Is(message["isDraft"])).Select(message => Message(message, calls.Integration.Kind)));
            if (page.Count < Page)
            {
                return messages;
            }
        }
    }

    /// <summary>What another installation of this program has as ours has been mailed, there or elsewhere.</summary>
    internal static OtherMessage Message(JsonNode message, OtherKind system)
    {
        var kind = (JsonRead.Text(message["direction"]), JsonRead.IsNot(message["private"])) switch
        {
            ("in", true) => OtherMessageKind.In,
            ("out", true) => OtherMessageKind.Out,
            _ => OtherMessageKind.Note,
        };
        return new OtherMessage(JsonRead.Text(message["id"])!, JsonRead.Text(message["externalConversationId"]), kind, system is OtherKind.Enneo || JsonRead.Text(message["deliveryState"]) is not null)
        {
            From = JsonRead.Address(message["fromEmail"], message["fromEmailName"]) ?? new("", ""),
            To = JsonRead.People(message["toEmail"]),
            Cc = JsonRead.People(message["ccEmails"]),
            Subject = JsonRead.Text(message["subject"]) ?? "",
            Text = JsonRead.Text(message["body"]) ?? "",
            IsHtml = JsonRead.Text(message["type"]) is "html",
            At = JsonRead.Instant(message["createdAt"]),
            InternetMessageId = JsonRead.Text(message["internetMessageId"]) is { Length: > 0 } id ? id : null,
            IsDeleted = JsonRead.Text(message["deletedAt"]) is not null,
            Files = [.. JsonRead.Each(message["attachments"]).Where(file => JsonRead.Text(file["url"]) is not null)
                .Select(file => new OtherFile(JsonRead.Text(file["name"]) ?? "attachment", JsonRead.Text(file["contentType"]) ?? "application/octet-stream", JsonRead.Size(file["size"]), JsonRead.Text(file["url"])!) { Sha256 = JsonRead.Text(file["sha256"])?.ToLowerInvariant() })],
        };
    }

    /// <returns>Names by id.</returns>
    private static async Task<IReadOnlyDictionary<string, string>> TagsAsync(OtherCalls calls, CancellationToken cancellationToken) =>
        await calls.GetAsync("tag", cancellationToken) is var (answer, _)
            ? JsonRead.Each(answer["tags"]).Where(tag => JsonRead.Text(tag["id"]) is not null).DistinctBy(tag => JsonRead.Text(tag["id"])).ToDictionary(tag => JsonRead.Text(tag["id"])!, tag => JsonRead.Text(tag["name"]) ?? "")
            : new Dictionary<string, string>();
}
