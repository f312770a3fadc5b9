using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Enneo.Tests.Connected;

/// <summary>What people do in two installations, at random, and what both have in the end.</summary>
internal sealed class DeskWork(int seed)
{
    private readonly Random _random = new(seed);
    private int _number;

    /// <summary>Replies that were written, in whichever of them.</summary>
    public int Replies { get; private set; }

    public int NoteChanges { get; private set; }

    public int NotesDeleted { get; private set; }

    /// <summary>Does one thing.</summary>
    /// <returns>Whether it was done: the ticket may have gone, or the program does not run.</returns>
    public async Task<bool> DoAsync(Desk desk)
    {
        var number = ++_number;
        var tickets = await TicketsAsync(desk);
        if (tickets.Count < 4 || _random.Next(12) == 0)
        {
            return (await desk.Program.PostAsync("ticket", new
            {
                subchannelId = desk.MailboxId,
                from = $"customer{number}@example.com",
                fromName = $"Customer {number}",
                subject = $"Question {number}",
                body = $"Where is parcel {number}?",
                attachments = FilesOf(number),
            })).Status == 201;
        }

        var ticket = tickets[_random.Next(tickets.Count)];
        var reply = _random.Next(13) switch
        {
            0 => await desk.Program.PostAsync($"ticket/{ticket}/conversation/reply", new { content = new { message = $"<p>Answer <b>{number}</b></p>" }, attachments = FilesOf(number) }),
            7 or 8 when await NoteAsync(desk, ticket) is { } note => await desk.Program.PatchAsync($"ticket/{ticket}/conversation/{note}", new { content = new { message = $"<p>Note <i>changed</i> {number}</p>" } }),
            9 when await NoteAsync(desk, ticket) is { } note => await desk.Program.DeleteAsync($"ticket/{ticket}/conversation/{note}"),
            1 or 7 or 8 or 9 => await desk.Program.PostAsync($"ticket/{ticket}/conversation/reply", new { content = new { message = $"Note {number}" }, @private = true, attachments = FilesOf(number) }),
            2 => await desk.Program.PostAsync($"ticket/{ticket}/conversation/store", new { direction = "in", content = new { message = $"More of {number}" }, internetMessageId = $"in{number}@example.com" }),
            3 => await desk.Program.PostAsync($"ticket/{ticket}/conversation/store", new { direction = "out", content = new { message = $"By telephone: {number}" } }),
            4 => await desk.Program.PatchAsync($"ticket/{ticket}", new { status = Of("open", "pending", "closed") }),
            5 => await desk.Program.PatchAsync($"ticket/{ticket}", new { priority = Of("low", "medium", "high", "urgent") }),
            6 => await desk.Program.PatchAsync($"ticket/{ticket}", new { subject = $"Subject {number}" }),
            _ => await desk.Program.PatchAsync($"ticket/{ticket}", new { tagIds = Desk.Tags.Where(_ => _random.Next(2) == 0).Select(tag => desk.TagIds[tag]) }),
        };
        NoteChanges += reply.Status == 200 && reply.Text.Contains("changed", StringComparison.Ordinal) ? 1 : 0;
        NotesDeleted += reply is { Status: 200, Text: "{\"success\":true}" } ? 1 : 0;
        Replies += reply.Status == 200 && reply.Text.Contains("\"deliveryState\":\"", StringComparison.Ordinal) && reply.Text.Contains("Answer", StringComparison.Ordinal) ? 1 : 0;
        return reply.Status is 200 or 201;
    }

    /// <summary>All that a desk has, in one form for both: without its own numbers and addresses.</summary>
    public static async Task<string> DumpAsync(Desk desk)
    {
        List<string> tickets = [];
        var names = desk.TagIds.ToDictionary(tag => tag.Value, tag => tag.Key);
        foreach (var id in await TicketsAsync(desk))
        {
            var ticket = (await desk.Program.GetAsync($"ticket/{id}")).Ok().Ticket;
            var tags = ticket.GetProperty("tags").EnumerateArray().Select(tag => names[tag.GetInt64()]).Order();
            List<string> messages = [];
            foreach (var message in (await desk.Program.GetAsync($"ticket/{id}/conversation?limit=100")).Ok().Json.GetProperty("conversation").EnumerateArray())
            {
                messages.Add(await MessageAsync(desk, message));
            }

            tickets.Add($"{Text(ticket, "subject")} | {Text(ticket, "status")} | {Text(ticket, "priority")} | {string.Join(',', tags)}\n{string.Join('\n', messages.Order(StringComparer.Ordinal))}");
        }

        return string.Join("\n\n", tickets.Order(StringComparer.Ordinal));
    }

    /// <returns>One of its notes; null where it has none.</returns>
    private async Task<long?> NoteAsync(Desk desk, long ticket)
    {
        var answer = await desk.Program.GetAsync($"ticket/{ticket}/conversation?limit=100");
        var notes = answer.Status != 200 ? [] : answer.Json.GetProperty("conversation").EnumerateArray().Where(message => message.GetProperty("private").GetBoolean()).Select(message => message.GetProperty("id").GetInt64()).ToList();
        return notes.Count == 0 ? null : notes[_random.Next(notes.Count)];
    }

    private static async Task<string> MessageAsync(Desk desk, JsonElement message)
    {
        List<string> files = [];
        foreach (var file in message.GetProperty("attachments").EnumerateArray())
        {
            var bytes = (await desk.Program.GetAsync(new Uri(new Uri("http://localhost/api/mind/"), Text(file, "url")).PathAndQuery["/api/mind/".Length..])).Ok().Bytes;
            files.Add($"{Text(file, "name")}={Convert.ToHexString(SHA256.HashData(bytes))[..12]}");
        }

        var kind = Text(message, "direction");
        return $"  {kind}: {string.Join(' ', Text(message, kind == "out" ? "bodyClean" : "bodyPlain").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))} {(kind == "in" ? Text(message, "fromEmail") : "")} {string.Join(' ', files.Order(StringComparer.Ordinal))}";
    }

    private static async Task<List<long>> TicketsAsync(Desk desk)
    {
        List<long> ids = [];
        while (true)
        {
            var page = (await desk.Program.PostAsync("ticket/search", new { limit = 500, offset = ids.Count, orderByField = "id", orderByDirection = "asc" })).Ok().Json.GetProperty("tickets").EnumerateArray().Select(ticket => ticket.GetProperty("id").GetInt64()).ToList();
            ids.AddRange(page);
            if (page.Count < 500)
            {
                return ids;
            }
        }
    }

    private object[]? FilesOf(int number) => _random.Next(3) > 0 ? null :
    [
        new { name = string.Create(CultureInfo.InvariantCulture, $"file{number}.bin"), contentType = "application/octet-stream", base64 = Convert.ToBase64String(RandomNumberGenerator.GetBytes(_random.Next(1, 3000))) },
    ];

    private string Of(params string[] words) => words[_random.Next(words.Length)];

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString() ?? "";
}
