using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Enneo.Core.Messages;
using MimeKit;
using static Enneo.Tests.Tickets.Correspondence;

namespace Enneo.Tests.Tickets;

/// <summary>
/// The threads of a collection of mailboxes with the answers of IMAP's THREAD=REFERENCES (RFC 5256): what is one thread
/// there is one ticket here, whoever takes part. Three differences are meant: nothing is joined by its subject alone, which
/// anybody can write; ids that name each other in a circle are one conversation; and so are two mails of one id.
/// </summary>
public sealed partial class ThreadExamTests
{
    private static readonly Dictionary<string, string> s_meant = new(StringComparer.Ordinal)
    {
        ["thread"] = "1 2 3", // a circle, which THREAD cuts open
        ["thread2"] = "1 2", // of one id
        ["thread4"] = "1|2", // joined by the subject alone
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatIsOneThreadByItsReferencesIsOneTicket()
    {
        var folder = await Exams.RequireAsync("thread");
        var scripts = JsonSerializer.Deserialize<List<Script>>(await File.ReadAllTextAsync(Path.Combine(folder, "imaptest_thread_expected.json"), Cancel), JsonSerializerOptions.Web)!;
        Dictionary<string, string> expected = new(StringComparer.Ordinal);
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (var script in scripts.Where(script => script.Commands[0].StartsWith("thread references", StringComparison.Ordinal)))
        {
            var threads = Threads(script.Expect[0]);
            expected[script.Name] = s_meant.GetValueOrDefault(script.Name) ?? Written(threads);
            found[script.Name] = Written(await TicketsAsync(Path.Combine(folder, "imaptest", script.Mbox), threads.Sum(thread => thread.Count)));
        }

        Assert.Equal(8, expected.Count);
        Assert.Equal(expected, found);
    }

    /// <returns>The numbers of the messages of each ticket.</returns>
    private static async Task<List<List<int>>> TicketsAsync(string mbox, int count)
    {
        await using Correspondence mail = new();
        await mail.InitializeAsync();
        Dictionary<long, List<int>> tickets = [];
        await using var stream = File.OpenRead(mbox);
        MimeParser mails = new(stream, MimeFormat.Mbox);
        for (var number = 1; number <= count; number++)
        {
            var read = await mails.ParseMessageAsync(Cancel);
            read.From.Add(MailboxAddress.Parse(Anna)); // they name no sender, and a stranger joins nothing
            read.To.Add(MailboxAddress.Parse(Us));
            var received = await mail.ReceiveAsync(mail.Store.Get<MessageParser>().Parse(Bytes(read)));
            tickets.TryAdd(received.TicketId, []);
            tickets[received.TicketId].Add(number);
        }

        return [.. tickets.Values];
    }

    private static byte[] Bytes(MimeMessage message)
    {
        using MemoryStream bytes = new();
        message.WriteTo(bytes, Cancel);
        return bytes.ToArray();
    }

    /// <summary>The trees of THREAD's answer, as their sets of numbers: "(1 (2)(3))(4)" is 1, 2 and 3, and 4.</summary>
    private static List<List<int>> Threads(string answer)
    {
        List<List<int>> threads = [];
        var depth = 0;
        foreach (Match token in Tokens().Matches(answer))
        {
            switch (token.Value)
            {
                case "(" when depth++ == 0:
                    threads.Add([]);
                    break;
                case "(":
                    break;
                case ")":
                    depth--;
                    break;
                default:
                    threads[^1].Add(int.Parse(token.Value, CultureInfo.InvariantCulture));
                    break;
            }
        }

        return threads;
    }

    private static string Written(List<List<int>> threads) => string.Join('|', threads.Select(thread => string.Join(' ', thread.Order())).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"[()]|\d+")]
    private static partial Regex Tokens();

    private sealed record Script(
        [property: System.Text.Json.Serialization.JsonPropertyName("script")] string Name, string Mbox, IReadOnlyList<string> Expect, IReadOnlyList<string> Commands);
}
