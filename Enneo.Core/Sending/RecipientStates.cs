using System.Text.Json;
using Enneo.Core.Connections;
using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>What was said to each recipient of an outgoing mail, and who still waits for it.</summary>
internal static class RecipientStates
{
    /// <summary>Recipients that may still be tried: neither accepted nor refused for good.</summary>
    public static IReadOnlyList<MailAddress> Pending(this OutgoingMessage outgoing)
    {
        var answers = Read(outgoing);
        return [.. outgoing.Recipients.Where(recipient => !IsRefusal(answers.GetValueOrDefault(recipient.Address)))];
    }

    /// <summary>Keeps every answer; who was accepted is no recipient any more.</summary>
    /// <returns>Whether anybody was accepted.</returns>
    public static bool Settle(this OutgoingMessage outgoing, IReadOnlyDictionary<string, SmtpAnswer> answers)
    {
        Write(outgoing, answers);
        var left = outgoing.Recipients.Where(recipient => answers.GetValueOrDefault(recipient.Address)?.Accepted != true).ToList();
        var anyAccepted = left.Count < outgoing.Recipients.Count;
        outgoing.Recipients = left;
        return anyAccepted;
    }

    /// <summary>
    /// Keeps the answers to RCPT before the content leaves. An acceptance is not written down: it
    /// means nothing until the content is accepted too, and its absence marks who is in doubt.
    /// </summary>
    public static void Begin(this OutgoingMessage outgoing, IReadOnlyDictionary<string, SmtpAnswer> answers)
    {
        Write(outgoing, answers.Where(answer => !answer.Value.Accepted));
        var kept = Read(outgoing);
        foreach (var (address, _) in answers.Where(answer => answer.Value.Accepted))
        {
            kept.Remove(address);
        }

        outgoing.Answers = JsonSerializer.Serialize(kept);
    }

    /// <summary>It is known now that who was in doubt got it: only those remain to whom the server had said no, for now or for good.</summary>
    public static void Arrived(this OutgoingMessage outgoing)
    {
        var answers = Read(outgoing);
        outgoing.Recipients = [.. outgoing.Recipients.Where(recipient => answers.ContainsKey(recipient.Address))];
    }

    /// <returns>The server's words to those who remain; named where there is more than one recipient and the words differ.</returns>
    public static string? Words(this OutgoingMessage outgoing)
    {
        var answers = Read(outgoing);
        List<(string Address, string Words)> said = [.. outgoing.Recipients
            .Where(recipient => answers.ContainsKey(recipient.Address))
            .Select(recipient => (recipient.Address, answers[recipient.Address]))];
        return said switch
        {
            [] => null,
            _ when answers.Count == said.Count && said.TrueForAll(s => s.Words == said[0].Words) => said[0].Words,
            _ => string.Join(" · ", said.Select(s => $"{s.Address}: {s.Words}")),
        };
    }

    private static bool IsRefusal(string? answer) => answer is ['5', ..];

    private static Dictionary<string, string> Read(OutgoingMessage outgoing) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(outgoing.Answers) ?? [];

    private static void Write(OutgoingMessage outgoing, IEnumerable<KeyValuePair<string, SmtpAnswer>> answers)
    {
        var kept = Read(outgoing);
        foreach (var (address, answer) in answers)
        {
            kept[address] = answer.Words;
        }

        outgoing.Answers = JsonSerializer.Serialize(kept);
    }
}
