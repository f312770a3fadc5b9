using System.Globalization;
using System.Text.Json.Nodes;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Messages;
using MimeKit;

namespace Enneo.Core.Integrations.Connected;

/// <summary>
/// Speaks the API of Zammad. It has no place for names of ours, but keeps the Message-ID that an article is given: by that
/// an article is known again.
/// </summary>
internal sealed class ZammadSystem : IOtherSystem
{
    private const string NameDomain = "@enneo.integration";
    private const string Unassigned = "-";

    private const int Page = 100;

    /// <summary>Pages of a customer's tickets among which one is looked for.</summary>
    private const int MostPages = 50;

    /// <summary>Clocks differ.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromMinutes(10);

    /// <summary>Of an article, its API changes only who may see it.</summary>
    public bool MayEdit => false;

    public bool KnowsNames => false;

    public async Task<OtherTicket?> ReadAsync(OtherCalls calls, string ticketId, CancellationToken cancellationToken)
    {
        if (await calls.GetAsync($"api/v1/tickets/{Uri.EscapeDataString(ticketId)}?expand=true", cancellationToken) is not var (ticket, _))
        {
            return null;
        }

        if (JsonRead.Text(ticket["state"]) is "merged" && await SurvivorAsync(calls, ticketId, cancellationToken) is { } survivor && survivor != ticketId)
        {
            return await ReadAsync(calls, survivor, cancellationToken) is { } found ? found with { MergedInto = survivor } : null;
        }

        var articles = await calls.GetAsync($"api/v1/ticket_articles/by_ticket/{ticketId}?expand=true", cancellationToken);
        var tags = await calls.GetAsync($"api/v1/tags?object=Ticket&o_id={ticketId}", cancellationToken);
        return new OtherTicket(ticketId, null, null, null, AddressOf(JsonRead.Text(ticket["customer"])))
        {
            Subject = JsonRead.Text(ticket["title"]) ?? "",
            Status = JsonRead.Text(ticket["state"]),
            Priority = JsonRead.Text(ticket["priority"]),
            Assignee = JsonRead.Text(ticket["owner"]) is { } owner and not Unassigned ? owner : null,
            Tags = [.. JsonRead.Each(tags?.Json["tags"]).Select(JsonRead.Text).OfType<string>()],
            Messages = [.. JsonRead.Each(articles?.Json).Where(article => JsonRead.Text(article["sender"]) is not "System").Select(article => Message(ticketId, article))],
        };
    }

    /// <summary>An answer that was lost, or that we did not get to note, has opened the ticket all the same: it is looked for first.</summary>
    public async Task<(string TicketId, string? MessageId)> OpenAsync(OtherCalls calls, string name, GivenMessage first, DateTimeOffset? begun, CancellationToken cancellationToken)
    {
        var customer = first.Kind is OtherMessageKind.Out ? (first.To is [var to, ..] ? to : first.From) : first.From;
        if (begun is { } since)
        {
            if (await FindAsync(calls, customer.Address, MessageIdOf(first), since - s_slack, cancellationToken) is { } opened)
            {
                return opened;
            }

            if (first.IsToBeMailed)
            {
                throw OtherSystemException.Uncertain();
            }
        }

        JsonObject body = new()
        {
            ["title"] = first.Subject,
            ["group"] = calls.Integration.TheirMailbox,
            ["customer_id"] = $"guess:{customer.Address}",
            ["article"] = ArticleOf(first),
        };
        var answer = await calls.SendAsync(HttpMethod.Post, "api/v1/tickets", body, null, cancellationToken);
        var ids = JsonRead.Each(answer["article_ids"]).Select(JsonRead.Text).ToList();
        return (JsonRead.Text(answer["id"])!, ids.Count > 0 ? ids[0] : null);
    }

    /// <returns>Of the customer's tickets in our group that were opened since then, the one that began with that article; null where there is none.</returns>
    private static async Task<(string TicketId, string? MessageId)?> FindAsync(OtherCalls calls, string customer, string messageId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var query = Uri.EscapeDataString(customer); // without quotes, which Zammad takes for letters where it has no Elasticsearch
        for (var page = 1; page <= MostPages; page++)
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"api/v1/tickets/search?query={query}&page={page}&per_page={Page}&sort_by=created_at&order_by=desc&expand=true");
            var found = await calls.GetAsync(address, cancellationToken) is var (answer, _) ? JsonRead.Each(answer).ToList() : [];
            var young = found.Where(ticket => JsonRead.Instant(ticket["created_at"]) >= since).ToList();
            foreach (var ticketId in young.Where(ticket => JsonRead.Text(ticket["group"]) == calls.Integration.TheirMailbox).Select(ticket => JsonRead.Text(ticket["id"])).OfType<string>())
            {
                var articles = await calls.GetAsync($"api/v1/ticket_articles/by_ticket/{ticketId}?expand=true", cancellationToken);
                if (JsonRead.Each(articles?.Json).FirstOrDefault(article => JsonRead.Text(article["sender"]) is not "System") is { } known && JsonRead.Text(known["message_id"]) == messageId)
                {
                    return (ticketId, JsonRead.Text(known["id"]));
                }
            }

            if (young.Count < Page)
            {
                return null;
            }
        }

        return null;
    }

    public Task EditAsync(OtherCalls calls, string ticketId, string messageId, string text, bool isHtml, ChangedFiles files, CancellationToken cancellationToken) =>
        throw new OtherSystemException(422, ConnectedText.NoEditing, null);

    /// <summary>Its API describes no such call.</summary>
    public Task DeleteAsync(OtherCalls calls, string ticketId, string messageId, CancellationToken cancellationToken) =>
        throw new OtherSystemException(422, ConnectedText.NoDeleting, null);

    public async Task<string?> WhereAsync(OtherCalls calls, string messageId, CancellationToken cancellationToken) =>
        await calls.GetAsync($"api/v1/ticket_articles/{Uri.EscapeDataString(messageId)}", cancellationToken) is var (answer, _) ? JsonRead.Text(answer["ticket_id"]) : null;

    /// <summary>Its articles stay where they are; a split there is a new ticket with copies.</summary>
    public Task<string?> SplitAsync(OtherCalls calls, string ticketId, IReadOnlyList<string> messageIds, string name, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Its API takes the one that is left by its number, and says in an answer that went well where it did not do it.</summary>
    public async Task MergeAsync(OtherCalls calls, string from, string into, CancellationToken cancellationToken)
    {
        if (await calls.GetAsync($"api/v1/tickets/{Uri.EscapeDataString(into)}", cancellationToken) is var (ticket, _) && JsonRead.Text(ticket["number"]) is { } number)
        {
            var answer = await calls.SendAsync(HttpMethod.Put, $"api/v1/ticket_merge/{Uri.EscapeDataString(from)}/{Uri.EscapeDataString(number)}", [], null, cancellationToken);
            if (JsonRead.Text(answer["result"]) is "failed")
            {
                throw new OtherSystemException(422, JsonRead.Text(answer["message"]) ?? "", null);
            }
        }
    }

    /// <summary>Its API describes no such call.</summary>
    public Task<bool> MoveAsync(OtherCalls calls, string ticketId, string messageId, string into, CancellationToken cancellationToken) => Task.FromResult(false);

    public async Task<string> AddAsync(OtherCalls calls, string ticketId, GivenMessage message, CancellationToken cancellationToken)
    {
        var body = ArticleOf(message);
        body["ticket_id"] = JsonRead.Number(ticketId);
        return JsonRead.Text((await calls.SendAsync(HttpMethod.Post, "api/v1/ticket_articles", body, null, cancellationToken))["id"])!;
    }

    public async Task ChangeAsync(OtherCalls calls, OtherTicket ticket, GivenFields fields, CancellationToken cancellationToken)
    {
        if (fields.Values.Count > 0)
        {
            JsonObject body = [];
            foreach (var (field, value) in fields.Values)
            {
                body[NameOf(field)] = value ?? Unassigned;
            }

            await calls.SendAsync(HttpMethod.Put, $"api/v1/tickets/{ticket.Id}", body, null, cancellationToken);
        }

        foreach (var tag in (fields.Tags ?? ticket.Tags).Except(ticket.Tags, StringComparer.OrdinalIgnoreCase))
        {
            await TagAsync(calls, HttpMethod.Post, "add", ticket.Id, tag, cancellationToken);
        }

        foreach (var tag in ticket.Tags.Except(fields.Tags ?? ticket.Tags, StringComparer.OrdinalIgnoreCase))
        {
            await TagAsync(calls, HttpMethod.Delete, "remove", ticket.Id, tag, cancellationToken);
        }
    }

    private static Task TagAsync(OtherCalls calls, HttpMethod method, string verb, string ticketId, string tag, CancellationToken cancellationToken) =>
        calls.SendAsync(method, $"api/v1/tags/{verb}", new JsonObject { ["object"] = "Ticket", ["o_id"] = JsonRead.Number(ticketId), ["item"] = tag }, null, cancellationToken);

    private static string NameOf(SyncedField field) => field switch
    {
        SyncedField.Status => "state",
        SyncedField.Assignee => "owner",
        SyncedField.Subject => "title",
        _ => "priority",
    };

    /// <summary>A ticket that was merged is linked to the one that is left, as its parent.</summary>
    private static async Task<string?> SurvivorAsync(OtherCalls calls, string ticketId, CancellationToken cancellationToken) =>
        await calls.GetAsync($"api/v1/links?link_object=Ticket&link_object_value={ticketId}", cancellationToken) is var (answer, _)
            ? JsonRead.Each(answer["links"]).Where(link => JsonRead.Text(link["link_type"]) is "parent").Select(link => JsonRead.Text(link["link_object_value"])).FirstOrDefault()
            : null;

    /// <summary>Whose visibility is not said to be public is a note.</summary>
    private static OtherMessage Message(string ticketId, JsonNode article)
    {
        var isPublic = article["internal"] is { } hidden && hidden.GetValueKind() is System.Text.Json.JsonValueKind.False;
        var kind = (isPublic, JsonRead.Text(article["sender"])) switch
        {
            (true, "Customer") => OtherMessageKind.In,
            (true, "Agent") => OtherMessageKind.Out,
            _ => OtherMessageKind.Note,
        };
        var id = JsonRead.Text(article["id"])!;
        var messageId = JsonRead.Text(article["message_id"])?.Trim('<', '>');
        var isOurs = messageId?.EndsWith(NameDomain, StringComparison.Ordinal) is true;
        return new OtherMessage(id, isOurs ? messageId![..^NameDomain.Length] : null, kind, JsonRead.Text(article["type"]) is "email")
        {
            From = AddressOf(JsonRead.Text(article["from"])) ?? new("", ""),
            To = AddressesOf(JsonRead.Text(article["to"])),
            Cc = AddressesOf(JsonRead.Text(article["cc"])),
            Subject = JsonRead.Text(article["subject"]) ?? "",
            Text = JsonRead.Text(article["body"]) ?? "",
            IsHtml = JsonRead.Text(article["content_type"]) is "text/html",
            At = JsonRead.Instant(article["created_at"]),
            InternetMessageId = isOurs || string.IsNullOrEmpty(messageId) ? null : messageId,
            Files = [.. JsonRead.Each(article["attachments"]).Select(file => new OtherFile(
                JsonRead.Text(file["filename"]) ?? "attachment",
                JsonRead.Text(file["preferences"]?["Content-Type"]) ?? "application/octet-stream",
                JsonRead.Size(file["size"]),
                string.Create(CultureInfo.InvariantCulture, $"api/v1/ticket_attachment/{ticketId}/{id}/{JsonRead.Text(file["id"])}")))],
        };
    }

    private static JsonObject ArticleOf(GivenMessage message) => message is { IsToBeMailed: true, Bcc.Count: > 0 } ? throw new OtherSystemException(422, ConnectedText.NoBcc, null) : new()
    {
        ["type"] = message switch { { IsToBeMailed: true } => "email", { Kind: OtherMessageKind.In } => "web", _ => "note" },
        ["sender"] = message.Kind is OtherMessageKind.In ? "Customer" : "Agent",
        ["internal"] = message.Kind is OtherMessageKind.Note || message.IsHidden,
        ["from"] = new MailboxAddress(message.From.Name, message.From.Address).ToString(),
        ["to"] = string.Join(", ", message.To.Select(to => to.Address)),
        ["cc"] = string.Join(", ", message.Cc.Select(cc => cc.Address)),
        ["subject"] = message.Subject,
        ["body"] = message.Text,
        ["content_type"] = message.IsHtml ? "text/html" : "text/plain",
        ["message_id"] = MessageIdOf(message),
        ["attachments"] = new JsonArray([.. message.Files.Select(file => new JsonObject { ["filename"] = file.Name, ["mime-type"] = file.ContentType, ["data"] = Convert.ToBase64String(file.Bytes) })]),
    };

    private static string MessageIdOf(GivenMessage message) => message is { Kind: OtherMessageKind.In, InternetMessageId: { } known } ? $"<{known}>" : $"<{message.Name}{NameDomain}>";

    /// <returns>Those of a list as a header has it (RFC 5322, section 3.4) that are addresses.</returns>
    private static IReadOnlyList<MailAddress> AddressesOf(string? text) => text is { Length: > 0 } && InternetAddressList.TryParse(text, out var parsed)
        ? [.. parsed.Mailboxes.Where(person => MailSyntax.IsAddress(person.Address)).Select(person => new MailAddress(person.Name ?? "", person.Address))]
        : [];

    private static MailAddress? AddressOf(string? text) =>
        text is { Length: > 0 } && MailboxAddress.TryParse(text, out var parsed) ? new MailAddress(parsed.Name ?? "", parsed.Address) : null;
}
