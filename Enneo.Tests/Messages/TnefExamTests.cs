using Enneo.Core.Messages;
using MimeKit;

namespace Enneo.Tests.Messages;

/// <summary>Outlook's winmail.dat as others collected it, with what was in each.</summary>
public sealed class TnefExamTests
{
    [Fact]
    public async Task EveryAttachmentIsListed_WithItsBytes()
    {
        var folder = Path.Combine(await Exams.RequireAsync("tnef"), "mimekit");
        List<string> missed = [];
        var found = 0;
        foreach (var list in Directory.EnumerateFiles(folder, "*.list"))
        {
            var raw = Mail(await File.ReadAllBytesAsync(Path.ChangeExtension(list, ".tnef"), TestContext.Current.CancellationToken));
            var parts = MessageBody.Read(raw).Parts;
            var wanted = (await File.ReadAllLinesAsync(list, TestContext.Current.CancellationToken)).Where(name => name.Length > 0 && !name.StartsWith("body.", StringComparison.Ordinal));
            foreach (var names in wanted.GroupBy(name => name))
            {
                var listed = parts.Where(part => part.Name == names.Key).ToList();
                if (listed.Count < names.Count())
                {
                    missed.Add($"{Path.GetFileName(list)}: {names.Key}, of {string.Join(", ", parts.Select(part => part.Name))}");
                    continue;
                }

                found += listed.Count;
                var extracted = Path.Combine(Path.ChangeExtension(list, null), names.Key);
                if (File.Exists(extracted) && !IsSame(await File.ReadAllBytesAsync(extracted, TestContext.Current.CancellationToken), MessageBody.ReadPart(raw, listed[0].Index)!.Bytes))
                {
                    missed.Add($"{extracted} has other bytes");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{found} attachments\n{string.Join('\n', missed)}");
        Assert.True(found > 15);
        Assert.Empty(missed);
    }

    /// <summary>The collected texts have lost the CR of their lines on the way.</summary>
    private static bool IsSame(byte[] wanted, byte[] found) => wanted.SequenceEqual(found) || wanted.Where(b => b != '\r').SequenceEqual(found.Where(b => b != '\r'));

    private static byte[] Mail(byte[] tnef)
    {
        using MimeMessage mail = new() { Subject = "winmail" };
        mail.Body = new MimePart("application", "ms-tnef") { Content = new MimeContent(new MemoryStream(tnef)), ContentTransferEncoding = ContentEncoding.Base64, FileName = "winmail.dat" };
        using MemoryStream raw = new();
        mail.WriteTo(raw, TestContext.Current.CancellationToken);
        return raw.ToArray();
    }
}
