using System.Text;
using System.Text.Json;
using Enneo.Core.Messages;
using Enneo.Core.Storage;

namespace Enneo.Tests.Messages;

/// <summary>Large mail is read from a file; it must not matter.</summary>
public sealed class MailInFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MessageParser _parser = new(TimeProvider.System);

    public static TheoryData<string> Samples =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Mail"), "*.eml").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_mail_in_a_file_is_read_like_one_in_memory(string sample)
    {
        var raw = SampleMail.Read(sample);
        using var inFile = InFile(raw);

        var (here, there) = (_parser.Parse(raw), _parser.Parse(inFile));

        if (sample == "lines-end-with-cr")
        {
            Assert.NotNull(there.Unreadable); // would have to be rewritten: it is kept, and listed as failed
            return;
        }

        Assert.Equal(JsonSerializer.Serialize(here), JsonSerializer.Serialize(there));
        if (here.Unreadable is null)
        {
            Assert.Equal(JsonSerializer.Serialize(MessageBody.Read(raw).Parts), JsonSerializer.Serialize(MessageBody.Read(inFile).Parts));
            Assert.Equal(MessageBody.ReadPart(raw, 0)?.Bytes, MessageBody.ReadPart(inFile, 0)?.Bytes);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64 * 1024)]
    public void Fields_cost_the_same_in_whatever_pieces_they_come(int piece)
    {
        var mail = Encoding.ASCII.GetBytes($"From: a@x.test\r\nSubject: {new string('s', 30_000)}\r\nX-Folded: a\r\n {new string('f', 20_000)}\r\n\r\nno field here {new string('n', 90_000)}\r\n");
        FieldCosts whole = new();
        whole.Add(mail);
        FieldCosts pieces = new();
        foreach (var part in mail.Chunk(piece))
        {
            pieces.Add(part);
        }

        Assert.True(whole.Total > 20_000d * 20_000);
        Assert.InRange(pieces.Total, whole.Total, double.MaxValue);
    }

    private MailBytes InFile(byte[] raw)
    {
        var mail = MailBytes.InFile(_folder.Path, raw.Length);
        using var stream = mail.Open();
        stream.Write(raw);
        return mail;
    }
}
