using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MimeKit;

namespace Enneo.Web.Demo.Composing;

/// <summary>Makes the files of the sample mails, real ones of their kind, from a line of the script.</summary>
internal static class AttachmentMaking
{
    /// <param name="line"><c>photo name | scene</c>, <c>jpeg name | picture</c>, <c>pdf name | title | line…</c>, <c>text name | line…</c> or <c>zip name | file | line…</c>.</param>
    public static MimePart Create(string line)
    {
        var fields = line.Split(" | ");
        var space = fields[0].IndexOf(' ', StringComparison.Ordinal);
        var (kind, name) = (fields[0][..space], fields[0][(space + 1)..]);
        var (type, content) = kind switch
        {
            "photo" => ("image/png", DrawnScene.Draw(fields[1], name).ToPng()),
            "jpeg" => ("image/jpeg", Picture(fields[1])),
            "pdf" => ("application/pdf", SmallPdf.Write(fields[1], fields[2..])),
            "text" => (name.EndsWith(".csv", StringComparison.Ordinal) ? "text/csv" : "text/plain", Encoding.UTF8.GetBytes(string.Join("\r\n", fields[1..]))),
            "zip" => ("application/zip", Zip(fields[1], string.Join("\r\n", fields[2..]))),
            _ => throw new FormatException($"There is no attachment of the kind \"{kind}\"."),
        };
        return new MimePart(ContentType.Parse(type))
        {
            FileName = name,
            ContentId = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)).AsSpan(0, 8))}@{DemoMailboxes.Domain}",
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = name },
            ContentTransferEncoding = ContentEncoding.Base64,
            Content = new MimeContent(new MemoryStream(content)),
        };
    }

    /// <summary>A picture of <c>Demo/Pictures</c>: painted and compressed when the demo was written, since nothing here writes JPEG.</summary>
    private static byte[] Picture(string name)
    {
        using var stream = typeof(AttachmentMaking).Assembly.GetManifestResourceStream($"Enneo.Web.Demo.Pictures.{name}.jpg")
            ?? throw new FormatException($"There is no picture \"{name}\".");
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Zip(string entry, string text)
    {
        using MemoryStream file = new();
        using (ZipArchive archive = new(file, ZipArchiveMode.Create, leaveOpen: true))
        using (StreamWriter writer = new(archive.CreateEntry(entry).Open()))
        {
            writer.Write(text);
        }

        return file.ToArray();
    }
}
