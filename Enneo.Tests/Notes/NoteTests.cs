using Enneo.Core.Activity;
using Enneo.Core.Backup;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Notes;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Tests.Tags;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Notes;

/// <summary>What the team writes down for itself stands in the conversation, and never leaves it.</summary>
public sealed class NoteTests : IAsyncLifetime
{
    private const string Origin = "test";
    private const string Secret = "She is our most important customer";

    private static readonly byte[] s_picture = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    private readonly TagStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private NoteWriting Notes => _store.Get<NoteWriting>();

    private NoteChanging Changing => _store.Get<NoteChanging>();

    private Drafts Drafts => _store.Get<Drafts>();

    private long AgentId => _store.Store.AgentId;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task ANoteStandsInItsConversationAndIsFound_AndTheListsDoNotChange()
    {
        var (_, ticket) = await _store.ReceiveAsync("Broken kettle");
        var before = (await ThreadAsync(ticket)).Ticket;

        var id = await Notes.AddAsync(ticket, new($"<p>{Secret}<script>alert(1)</script></p>") { Files = [new("plan.txt", "text/plain", [1, 2])] }, _store.Anna, Origin, Cancel);

        var thread = await ThreadAsync(ticket);
        var note = thread.Messages[^1];
        Assert.Equal((id!.Value, true, "Anna", AgentId), (note.Id, note.IsNote, note.FromName, note.AuthorId!.Value));
        Assert.Equal(before, thread.Ticket);
        var content = await _store.Get<MessageReader>().FindAsync(Reach.All, note.Id, Cancel);
        Assert.Contains(Secret, content!.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("alert", content.Html, StringComparison.Ordinal);
        Assert.Equal("plan.txt", Assert.Single(content.Parts).Name);
        Assert.Equal(ticket, Assert.Single((await FindAsync("important")).Hits).TicketId);
        Assert.Contains(await ActivityAsync(), entry => entry.Kind is ActivityKind.NoteAdded && entry.MessageId == id && entry.ActorUserId == AgentId);
    }

    [Fact]
    public async Task ANoteIsInNoAnswerNoForwardAndNoExport()
    {
        var (message, ticket) = await _store.ReceiveAsync("Broken kettle");
        var note = await AddAsync(ticket);

        Assert.Null(await Drafts.StartReplyAsync(note, DraftMode.Reply, AgentId, Cancel));
        Assert.Null(await Drafts.StartForwardAsync(note, asAttachment: true, AgentId, Cancel));
        var draft = (await Drafts.StartForwardAsync(message, asAttachment: false, AgentId, Cancel))!;
        await Drafts.SaveAsync(draft.Id, new DraftSave(draft.Revision + 1, [new("", "boss@example.net")], [], [], draft.Subject, "See below"), AgentId, Cancel);
        var sent = (await _store.Get<Outbox>().SendAsync(draft.Id, AgentId, Cancel)).Outgoing!;

        using var source = (await _store.Get<MessageReader>().FindSourceAsync(Reach.All, sent.MessageId, Cancel))!;
        Assert.DoesNotContain(Secret, System.Text.Encoding.UTF8.GetString(source.Memory.Span), StringComparison.Ordinal);
        using MemoryStream export = new();
        Assert.Equal(2, await _store.Get<MailboxExport>().WriteAsync(_store.Mailbox.Id, export, Cancel));
        Assert.DoesNotContain(Secret, System.Text.Encoding.UTF8.GetString(export.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatWasBegunAsANoteIsNeverMailed()
    {
        var (message, ticket) = await _store.ReceiveAsync("Broken kettle");
        var answer = (await Drafts.StartReplyAsync(message, DraftMode.Reply, AgentId, Cancel))!;
        var note = (await Drafts.StartNoteAsync(message, AgentId, Cancel))!;
        Assert.NotEqual(answer.Id, note.Id);
        await Drafts.SaveAsync(note.Id, new DraftSave(note.Revision + 1, [new("", "marta@example.net")], [], [], "Broken kettle", $"<p>{Secret}</p>"), AgentId, Cancel);

        Assert.Null((await _store.Get<Outbox>().SendAsync(note.Id, AgentId, Cancel)).Outgoing);
        Assert.Null(await Notes.AddDraftAsync(answer.Id, Actor.User(AgentId), Origin, Cancel));
        var added = await Notes.AddDraftAsync(note.Id, Actor.User(AgentId), Origin, Cancel);

        Assert.True(Assert.Single((await ThreadAsync(ticket)).Messages, m => m.Id == added).IsNote);
        Assert.Null(await Drafts.FindAsync(note.Id, AgentId, Cancel));
        Assert.Equal(answer.Id, (await Drafts.FindForTicketAsync(ticket, AgentId, Cancel))?.Id);
        await using var db = await OpenAsync();
        Assert.Empty(await db.Outbox.ToListAsync(Cancel));
    }

    [Fact]
    public async Task ItsAuthorChangesAndDeletesIt_AndNobodyElse()
    {
        var (_, ticket) = await _store.ReceiveAsync("Broken kettle");
        var note = await AddAsync(ticket);
        var other = Actor.User(AgentId + 1);

        Assert.False(await Changing.EditAsync(note, "Mine", other, Origin, Cancel));
        Assert.Null(await Changing.StartAsync(note, other, Cancel));
        Assert.Null(await Notes.RemoveAsync(note, other, Origin, Cancel));
        Assert.True(await Changing.EditAsync(note, "<b>Otherwise</b>", _store.Anna, Origin, Cancel));

        Assert.Equal("Otherwise", (await ThreadAsync(ticket)).Messages[^1].Snippet);
        Assert.Empty((await FindAsync("important")).Hits);
        Assert.Single((await FindAsync("otherwise")).Hits);

        Assert.NotNull(await Notes.RemoveAsync(note, _store.Anna, Origin, Cancel));
        Assert.Single((await ThreadAsync(ticket)).Messages);
        Assert.Empty((await FindAsync("otherwise")).Hits);
    }

    [Fact]
    public async Task WhatWasDeletedIsPutBackAsItWas()
    {
        var (_, ticket) = await _store.ReceiveAsync("Broken kettle");
        var note = (await Notes.AddAsync(ticket, new($"<p>{Secret}</p>") { Files = [new("plan.txt", "text/plain", [1, 2])] }, _store.Anna, Origin, Cancel))!.Value;
        var before = (await ThreadAsync(ticket)).Messages[^1];

        var removed = await Notes.RemoveAsync(note, _store.Anna, Origin, Cancel);
        Assert.Empty((await FindAsync("important")).Hits);
        Assert.True(await Notes.RestoreAsync(removed!, _store.Anna, Origin, Cancel));

        Assert.Equivalent(before, (await ThreadAsync(ticket)).Messages[^1]);
        Assert.Single((await FindAsync("important")).Hits);
        Assert.Equal("plan.txt", Assert.Single((await _store.Get<MessageReader>().FindAsync(Reach.All, note, Cancel))!.Parts).Name);
        var told = (await _store.Get<ActivityQueries>().HistoryAsync(Reach.All, [ticket], Cancel)).Where(entry => entry is { Kind: ActivityKind.NoteRemoved } or { Kind: ActivityKind.NoteAdded, Changes: not "{}" });
        Assert.Equal([ActivityKind.NoteRemoved, ActivityKind.NoteAdded], told.Select(entry => entry.Kind));
    }

    [Fact]
    public async Task ANoteIsChangedAsItWasWritten_WithItsPicturesAndFiles()
    {
        var (message, ticket) = await _store.ReceiveAsync("Broken kettle");
        var draft = (await Drafts.StartNoteAsync(message, AgentId, Cancel))!;
        var picture = await Drafts.AddPictureAsync(draft.Id, "map.png", new MemoryStream(s_picture), AgentId, Cancel);
        foreach (var name in new[] { "plan.txt", "old.txt" })
        {
            await Drafts.AttachAsync(draft.Id, name, "text/plain", new MemoryStream([1]), AgentId, Cancel);
        }

        await Drafts.SaveAsync(draft.Id, new DraftSave(draft.Revision + 1, [], [], [], "", $"<p>{Secret}</p><img src=\"{picture}\">"), AgentId, Cancel);
        var note = (await Notes.AddDraftAsync(draft.Id, Actor.User(AgentId), Origin, Cancel))!.Value;

        var change = (await Changing.StartAsync(note, _store.Anna, Cancel))!;
        Assert.Equal(["plan.txt", "old.txt"], change.Attachments.Select(file => file.Name));
        Assert.Contains("<img src=\"/draft/image/", change.Html, StringComparison.Ordinal);
        Assert.Equal(change.Id, (await Changing.StartAsync(note, _store.Anna, Cancel))!.Id);
        Assert.NotEqual(change.Id, (await Drafts.StartNoteAsync(note, AgentId, Cancel))!.Id);
        await Drafts.DetachAsync(change.Id, change.Attachments[1].Id, AgentId, Cancel);
        await Drafts.SaveAsync(change.Id, new DraftSave(change.Revision + 1, [], [], [], "", change.Html + "<p>And patient</p>"), AgentId, Cancel);
        Assert.Null((await _store.Get<Outbox>().SendAsync(change.Id, AgentId, Cancel)).Outgoing);
        Assert.Equal(note, await Changing.FinishAsync(change.Id, _store.Anna, Origin, Cancel));

        var content = (await _store.Get<MessageReader>().FindAsync(Reach.All, note, Cancel))!;
        Assert.Contains("And patient", content.Html, StringComparison.Ordinal);
        Assert.Equal("plan.txt", Assert.Single(content.Parts, part => !part.IsInline).Name);
        var shown = Assert.Single(content.Parts, part => part.IsInline);
        Assert.Contains($"cid:{shown.ContentId}", content.Html, StringComparison.Ordinal);
        Assert.Equal(s_picture, (await _store.Get<MessageReader>().FindPartAsync(Reach.All, note, shown.Index, Cancel))!.Bytes);
        Assert.Null(await Drafts.FindAsync(change.Id, AgentId, Cancel));
        Assert.Contains(await ActivityAsync(), entry => entry.Kind is ActivityKind.NoteChanged && entry.MessageId == note);
    }

    [Fact]
    public async Task NotesGoWhereTheirConversationGoes_AndEndWithIt()
    {
        var (first, one) = await _store.ReceiveAsync("Broken kettle");
        var (_, two) = await _store.ReceiveAsync("Another kettle");
        var note = await AddAsync(two);

        var merged = await _store.Get<TicketRegrouping>().MergeAsync([one, two], _store.Anna, Origin, Cancel);
        Assert.Contains((await ThreadAsync(one)).Messages, m => m.Id == note);
        Assert.Equal(RegroupingRefusal.NothingToDo, (await _store.Get<TicketRegrouping>().SplitAsync(note, andLater: false, _store.Anna, Origin, Cancel)).Refusal);
        await _store.Get<TicketRegrouping>().UndoAsync(merged.Done!, _store.Anna, Origin, Cancel);
        Assert.Contains((await ThreadAsync(two)).Messages, m => m.Id == note);

        await AddAsync(one);
        await _store.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                using SearchWriter search = new(db);
                search.Remove(first);
                await _store.Get<TicketRemoval>().RemoveMessageAsync(db, first, token);
            },
            Cancel);
        Assert.Null(await _store.Get<TicketQueries>().FindThreadAsync(Reach.All, one, Cancel));
        Assert.Equal(two, Assert.Single((await FindAsync("important")).Hits).TicketId);
    }

    private async Task<long> AddAsync(long ticketId) => (await Notes.AddAsync(ticketId, new($"<p>{Secret}</p>"), _store.Anna, Origin, Cancel))!.Value;

    private async Task<TicketThread> ThreadAsync(long ticketId) => (await _store.Get<TicketQueries>().FindThreadAsync(Reach.All, ticketId, Cancel))!;

    private Task<SearchPage> FindAsync(string words) =>
        _store.Get<SearchQueries>().FindAsync(Reach.All, new(QueryReader.Read(words, DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc)), Cancel);

    private Task<EnneoDbContext> OpenAsync() => _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);

    private async Task<List<ActivityEntry>> ActivityAsync()
    {
        await using var db = await OpenAsync();
        return await db.Activity.AsNoTracking().ToListAsync(Cancel);
    }
}
