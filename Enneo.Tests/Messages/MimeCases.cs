using System.Text.Json;
using MimeKit;

namespace Enneo.Tests.Messages;

/// <summary>One mail of the exam set <c>mime</c>.</summary>
/// <param name="Baseline">What MimeKit alone read from it: a reference, not the truth; null where it read nothing or nobody looked.</param>
public sealed record MimeCase(string File, byte[] Raw, JsonElement? Baseline)
{
    public string? BaselineOf(string field) => Baseline?.GetProperty(field).GetString();

    /// <summary>Every mail of the set; of a file of many the first has a baseline.</summary>
    public static async IAsyncEnumerable<MimeCase> ReadAsync()
    {
        var folder = await Exams.RequireAsync("mime");
        await foreach (var line in System.IO.File.ReadLinesAsync(Path.Combine(folder, "mimekit_baseline.jsonl"), TestContext.Current.CancellationToken))
        {
            var row = JsonDocument.Parse(line).RootElement;
            var file = row.GetProperty("file").GetString()!;
            var raw = await System.IO.File.ReadAllBytesAsync(Path.Combine(folder, "..", file), TestContext.Current.CancellationToken);
            JsonElement? baseline = row.GetProperty("first") is { ValueKind: JsonValueKind.Object } first ? first : null;
            var mails = row.GetProperty("mbox").GetBoolean() ? Split(raw) : [raw];
            for (var i = 0; i < mails.Count; i++)
            {
                yield return new MimeCase(i == 0 ? file : $"{file}#{i + 1}", mails[i], i == 0 ? baseline : null);
            }
        }
    }

    private static List<byte[]> Split(byte[] raw)
    {
        using MemoryStream stream = new(raw);
        MimeParser parser = new(stream, MimeFormat.Mbox);
        List<byte[]> mails = [];
        try
        {
            while (!parser.IsEndOfStream)
            {
                using var mail = parser.ParseMessage(TestContext.Current.CancellationToken);
                mails.Add(raw[(int)parser.MboxMarkerOffset..(int)parser.Position]);
            }
        }
        catch (FormatException)
        {
            return mails.Count > 0 ? mails : [raw];
        }

        return mails;
    }
}
