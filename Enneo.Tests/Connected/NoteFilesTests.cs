using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Messages;
using Enneo.Core.Notes;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Connected;

/// <summary>Files that are put to notes, and taken out of them, after both sides have them.</summary>
public sealed class NoteFilesTests(ConnectedDesks desks) : IClassFixture<ConnectedDesks>
{
    private static readonly byte[] s_picture = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Desk Here => desks.Here;

    private Desk There => desks.There;

    [Fact]
    public async Task AFileThatIsPutToANoteLaterIsPutToItOnTheOtherSide_Once()
    {
        var (ours, theirs) = await desks.TicketAsync();
        var mine = (await Here.Store.Get<NoteWriting>().AddAsync(ours, new NoteInput("With files") { Files = [File("first.txt")] }, Actor.Operator, "test", Cancel))!.Value;
        await desks.OursAsync(ours);
        var note = (await desks.NotesThereAsync(theirs)).Single().Key;

        Assert.True(await Here.Store.Get<NoteChanging>().EditAsync(mine, new NoteEdit(null, [File("here.txt")]), Actor.Operator, "test", Cancel));
        await desks.OursAsync(ours);
        await desks.TheirsAsync(theirs);
        Assert.Equal(["first.txt", "here.txt"], await FilesThereAsync(theirs, note));

        (await There.Program.PatchAsync($"ticket/{theirs}/conversation/{note}", new { attachments = new[] { new { name = "there.txt", base64 = "QQ==" } } })).Ok();
        await desks.TheirsAsync(theirs);
        await desks.OursAsync(ours);
        await desks.TheirsAsync(theirs);
        Assert.Equal(["first.txt", "here.txt", "there.txt"], await FilesThereAsync(theirs, note));

        Assert.True(await Here.Store.Get<NoteChanging>().EditAsync(mine, new NoteEdit(null, [File("here.txt") with { Bytes = "Another of that name"u8.ToArray() }]), Actor.Operator, "test", Cancel));
        await desks.OursAsync(ours);
        await desks.TheirsAsync(theirs);
        Assert.Equal(["first.txt", "here.txt", "here.txt", "there.txt"], await FilesThereAsync(theirs, note));
        Assert.Equal(4, (await Here.Store.Get<MessageReader>().FindAsync(Reach.All, mine, Cancel))!.Parts.Count);
        Assert.Equal("With files", (await desks.NotesHereAsync(ours))[mine]);
        Assert.Empty(await desks.DifferencesAsync());

        static NoteFile File(string name) => new(name, "text/plain", Encoding.UTF8.GetBytes(name));
    }

    [Fact]
    public async Task AFileOfTheSameNameAndSizeWithOtherBytesIsAnother_AndComesOver()
    {
        var (ours, theirs) = await desks.TicketAsync();
        var mine = (await Here.Store.Get<NoteWriting>().AddAsync(ours, new NoteInput("Prices") { Files = [FileOf("prices.csv", "1;2")] }, Actor.Operator, "test", Cancel))!.Value;
        await StepAsync(ours, theirs);
        var note = (await desks.NotesThereAsync(theirs)).Single().Key;

        Assert.True(await Here.Store.Get<NoteChanging>().EditAsync(mine, new NoteEdit(null, [FileOf("prices.csv", "3;4")]), Actor.Operator, "test", Cancel));
        await StepAsync(ours, theirs);
        (await There.Program.PatchAsync($"ticket/{theirs}/conversation/{note}", new { attachments = new[] { new { name = "prices.csv", base64 = Convert.ToBase64String("5;6"u8) } } })).Ok();
        await StepAsync(ours, theirs);

        Assert.Equal(new[] { "1;2", "3;4", "5;6" }.Select(HashOf).Order(), await HashesThereAsync(theirs, note));
        Assert.Equal(await HashesThereAsync(theirs, note), await HashesHereAsync(mine));
        Assert.Empty(await desks.DifferencesAsync());
    }

    [Theory]
    [InlineData(DeletionWay.Never)]
    [InlineData(DeletionWay.Out)]
    [InlineData(DeletionWay.Both)]
    public async Task AFileThatIsTakenOutOfANoteGoesOnTheOtherSideAsDeletionsDo_AndDoesNotComeBack(DeletionWay way)
    {
        await desks.DeletionsGoAsync(way);
        var (ours, theirs) = await desks.TicketAsync();
        string[] texts = ["stays", "out here", "out there"];
        var mine = (await Here.Store.Get<NoteWriting>().AddAsync(ours, new NoteInput("With files") { Files = [.. texts.Select(text => FileOf("same.txt", text))] }, Actor.Operator, "test", Cancel))!.Value;
        await StepAsync(ours, theirs);
        var note = (await desks.NotesThereAsync(theirs)).Single().Key;

        await TakeOutHereAsync(mine, "out here");
        await StepAsync(ours, theirs);
        (await There.Program.PatchAsync($"ticket/{theirs}/conversation/{note}", new { removedAttachments = new[] { new { name = "same.txt", sha256 = HashOf("out there") } } })).Ok();
        await StepAsync(ours, theirs);

        string[] here = way is DeletionWay.Both ? ["stays"] : ["stays", "out there"];
        string[] there = way is DeletionWay.Never ? ["stays", "out here"] : ["stays"];
        Assert.Equal(here.Select(HashOf).Order(), await HashesHereAsync(mine));
        Assert.Equal(there.Select(HashOf).Order(), await HashesThereAsync(theirs, note));
        Assert.Equal("With files", (await desks.NotesHereAsync(ours))[mine]);
        Assert.Empty(await desks.DifferencesAsync());

        await desks.DeletionsGoAsync(DeletionWay.Both); // what stayed on one side before stays
        await StepAsync(ours, theirs);
        Assert.Equal(there.Select(HashOf).Order(), await HashesThereAsync(theirs, note));
        Assert.Equal(here.Select(HashOf).Order(), await HashesHereAsync(mine));

        Assert.True(await Here.Store.Get<NoteChanging>().EditAsync(mine, new NoteEdit(null, [FileOf("same.txt", "out of neither")]), Actor.Operator, "test", Cancel));
        await StepAsync(ours, theirs);
        Assert.Contains(HashOf("out of neither"), await HashesThereAsync(theirs, note));
        await desks.DeletionsGoAsync(DeletionWay.Never);
    }

    [Fact]
    public async Task APictureInANoteStaysOnBothSides_WhereTheLastFileBesideItIsTakenOut()
    {
        await desks.DeletionsGoAsync(DeletionWay.Both);
        var (ours, theirs) = await desks.TicketAsync();
        var mine = await WriteWithPictureAsync(ours, "list");
        await StepAsync(ours, theirs);
        var note = (await desks.NotesThereAsync(theirs)).Single().Key;
        Assert.Equal(2, (await HashesThereAsync(theirs, note)).Count);

        await TakeOutHereAsync(mine, "list");
        await StepAsync(ours, theirs);

        var picture = Convert.ToHexStringLower(SHA256.HashData(s_picture));
        Assert.Equal([picture], await HashesThereAsync(theirs, note));
        Assert.Equal([picture], await HashesHereAsync(mine));
        Assert.Empty(await desks.DifferencesAsync());
        await desks.DeletionsGoAsync(DeletionWay.Never);
    }

    /// <summary>Both tell of what is new, and of the echo of that.</summary>
    private async Task StepAsync(long ours, long theirs)
    {
        for (var i = 0; i < 2; i++)
        {
            await desks.OursAsync(ours);
            await desks.TheirsAsync(theirs);
        }
    }

    private async Task TakeOutHereAsync(long note, string text)
    {
        var changing = Here.Store.Get<NoteChanging>();
        var author = Actor.User(await Here.Store.PersonIdAsync(Cancel));
        var draft = (await changing.StartAsync(note, author, Cancel))!;
        var drafts = Here.Store.Get<Drafts>();
        var parts = (await Here.Store.Get<MessageReader>().FindAsync(Reach.All, note, Cancel))!.Parts.Where(part => !part.IsInline);
        var index = parts.Select((part, at) => (part, at)).Single(one => one.part.Sha256 == HashOf(text)).at;
        Assert.True(await drafts.DetachAsync(draft.Id, draft.Attachments[index].Id, author.UserId!.Value, Cancel));
        Assert.NotNull(await changing.FinishAsync(draft.Id, author, "test", Cancel));
    }

    /// <returns>A note with a picture in its text and a file beside it.</returns>
    private async Task<long> WriteWithPictureAsync(long ticket, string file)
    {
        var author = await Here.Store.PersonIdAsync(Cancel);
        var drafts = Here.Store.Get<Drafts>();
        var message = await Here.Store.ReadAsync(db => db.Messages.Where(m => m.TicketId == ticket).Select(m => m.Id).FirstAsync(Cancel), Cancel);
        var draft = (await drafts.StartNoteAsync(message, author, Cancel))!;
        using MemoryStream picture = new(s_picture), beside = new(Encoding.UTF8.GetBytes(file));
        var address = await drafts.AddPictureAsync(draft.Id, "map.png", picture, author, Cancel);
        await drafts.AttachAsync(draft.Id, "list.txt", "text/plain", beside, author, Cancel);
        await drafts.SaveAsync(draft.Id, new DraftSave(draft.Revision + 1, [], [], [], "", $"<p>The way</p><img src=\"{address}\">"), author, Cancel);
        return (await Here.Store.Get<NoteWriting>().AddDraftAsync(draft.Id, Actor.User(author), "test", Cancel))!.Value;
    }

    private async Task<IReadOnlyList<string>> HashesHereAsync(long note) =>
        [.. (await Here.Store.Get<MessageReader>().FindAsync(Reach.All, note, Cancel))!.Parts.Select(part => part.Sha256).Order()];

    private async Task<IReadOnlyList<string>> HashesThereAsync(long ticket, long note) =>
        [.. (await desks.MessagesThereAsync(ticket)).Single(message => message.GetProperty("id").GetInt64() == note).GetProperty("attachments").EnumerateArray().Select(file => file.GetProperty("sha256").GetString()!).Order()];

    private static NoteFile FileOf(string name, string text) => new(name, "text/plain", Encoding.UTF8.GetBytes(text));

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task<IReadOnlyList<string>> FilesThereAsync(long ticket, long note) =>
        [.. (await desks.MessagesThereAsync(ticket)).Single(message => message.GetProperty("id").GetInt64() == note).GetProperty("attachments").EnumerateArray().Select(file => file.GetProperty("name").GetString()!).Order()];
}
