using System.Text;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Mailboxes;

public sealed class MailboxEditingTests : IAsyncLifetime
{
    private readonly MailboxStore _store = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task SampleFile_ComesBackAsItWas_WithoutItsPasswords()
    {
        var input = MailboxFiles.Read(MailboxFiles.Sample);

        var result = await _store.Editing.AddAsync(input, Actor.Operator, "command", Cancelled);
        var found = await _store.Editing.FindAsync(result.MailboxId!.Value, Cancelled);

        Assert.True(result.Succeeded);
        Assert.Equal((true, true, false), SpamWishes.Parse(found!.Data.Spam!.Value) is { } spam ? (spam.Headers, spam.Ai, spam.MoveToJunk) : default); // what it left out is there too
        var expected = (input with { Data = input.Data with { SeenBy = [], Spam = found.Data.Spam } })
            .WithImap(imap => imap with { Password = null, TrustedCertificate = "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF" })
            .WithSmtp(smtp => smtp with { Password = null });
        Assert.Equal(JsonSerializer.Serialize(expected, MailboxJson.Options), JsonSerializer.Serialize(found, MailboxJson.Options));
        Assert.Empty(result.Notes);
    }

    [Fact]
    public async Task Passwords_StandNowhereInClear()
    {
        var input = MailboxFiles.Read(MailboxFiles.Sample);
        var id = await _store.AddAsync(input, Cancelled);
        await _store.Editing.UpdateAsync(id, input.WithImap(imap => imap with { Password = "another-s3cret" }), Actor.Operator, "command", Cancelled);

        var mailbox = await _store.MailboxAsync(id, Cancelled);
        var activity = await _store.ActivityAsync(Cancelled);
        var found = await _store.Editing.FindAsync(id, Cancelled);
        List<string> texts =
        [
            input.ToString(),
            JsonSerializer.Serialize(found, MailboxJson.Options),
            JsonSerializer.Serialize(mailbox),
            _store.Get<MailboxCredentials>().For(mailbox.Imap).ToString(),
            .. activity.Select(entry => entry.Changes),
        ];
        foreach (var file in Directory.GetFiles(_store.Get<DataDirectory>().Path))
        {
            await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(stream, Encoding.Latin1);
            texts.Add(await reader.ReadToEndAsync(Cancelled));
        }

        Assert.All(texts, text =>
        {
            Assert.DoesNotContain("pa55-w0rd", text, StringComparison.Ordinal);
            Assert.DoesNotContain("another-s3cret", text, StringComparison.Ordinal);
        });
        Assert.Contains("\"imap.password\":[null,\"new\"]", activity[^1].Changes, StringComparison.Ordinal);
        Assert.Equal("another-s3cret", _store.Get<MailboxCredentials>().For(mailbox.Imap).Password);
        Assert.Equal("pa55-w0rd-of-smtp", _store.Get<MailboxCredentials>().For(mailbox.Smtp).Password);
    }

    [Fact]
    public async Task Adding_FillsInWhatWasLeftOut()
    {
        var id = await _store.AddAsync(
            Inputs.Valid(" Support@EXAMPLE.test ").With(data => data with
            {
                Imap = data.Imap with { Host = " IMAP.Example.test. ", Port = null },
                Smtp = new ServerInput { Host = "smtp.münchen.test", Security = ConnectionSecurity.StartTls },
                Folders = Inputs.Json("\"all\""),
            }),
            Cancelled);

        var mailbox = await _store.MailboxAsync(id, Cancelled);
        Assert.Equal("Support@example.test", mailbox.Address);
        Assert.Equal(("imap.example.test", 993), (mailbox.Imap.Host, mailbox.Imap.Port));
        Assert.Equal(("smtp.xn--mnchen-3ya.test", 587, mailbox.Imap.User), (mailbox.Smtp.Host, mailbox.Smtp.Port, mailbox.Smtp.User));
        Assert.Equal(Inputs.Password, _store.Get<MailboxCredentials>().For(mailbox.Smtp).Password);
        Assert.Equal("all", (await _store.Editing.FindAsync(id, Cancelled))?.Data.Folders?.GetString());
        Assert.Contains("INBOX", mailbox.Folders);
    }

    [Fact]
    public async Task OneWithoutAServer_NeedsNothingButAnAddressAndAName()
    {
        var result = await _store.Editing.AddAsync(new MailboxInput { Name = "Portal", Data = new() { Method = "api", Address = "portal@example.test" } }, Actor.Operator, "test", Cancelled);

        Assert.NotNull(result.MailboxId);
        Assert.Empty(result.Errors);
        Assert.Empty(result.Notes);
    }

    [Fact]
    public async Task Address_IsUniqueWithoutCase()
    {
        await _store.AddAsync(Inputs.Valid(), Cancelled);

        var result = await _store.Editing.AddAsync(Inputs.Valid("SUPPORT@example.test"), Actor.Operator, "command", Cancelled);

        Assert.Equal("Another mailbox has this address already.", Assert.Single(result.Errors["data.address"]));
        Assert.Equal(1, await _store.ReadAsync(db => db.Mailboxes.CountAsync(Cancelled), Cancelled));
    }

    [Fact]
    public async Task Errors_AreByFieldPath()
    {
        var result = await _store.Editing.AddAsync(Inputs.Valid().WithImap(imap => imap with { Host = "a b" }), Actor.Operator, "command", Cancelled);

        Assert.Equal(["data.imap.host"], result.Errors.Keys);
        Assert.Empty(await _store.ActivityAsync(Cancelled));
    }

    [Fact]
    public async Task ExactlyOneMailboxIsTheDefault()
    {
        var first = await _store.AddAsync(Inputs.Valid("a@x.test"), Cancelled);
        var second = await _store.AddAsync(Inputs.Valid("b@x.test"), Cancelled);
        Assert.Equal([first], await DefaultsAsync());

        await _store.Editing.UpdateAsync(second, Inputs.Valid("b@x.test") with { IsDefault = true }, Actor.Operator, "web", Cancelled);
        Assert.Equal([second], await DefaultsAsync());

        var given = await _store.Editing.UpdateAsync(second, Inputs.Valid("b@x.test") with { IsDefault = false }, Actor.Operator, "web", Cancelled);
        Assert.Equal([second], await DefaultsAsync());
        Assert.Contains("stays the default", Assert.Single(given.Notes), StringComparison.Ordinal);
    }

    /// <summary>A stored secret is never sent to a host, port or user it was not entered for.</summary>
    [Theory]
    [InlineData("""{"data":{"imap":{"host":"evil.test"}}}""", "data.imap.password")]
    [InlineData("""{"data":{"imap":{"port":1993}}}""", "data.imap.password")]
    [InlineData("""{"data":{"imap":{"user":"other"},"smtp":{"user":"support@example.test"}}}""", "data.imap.password")]
    [InlineData("""{"data":{"imap":{"security":"none"}}}""", "data.imap.password")]
    [InlineData("""{"data":{"smtp":{"host":"evil.test"}}}""", "data.smtp.password")]
    [InlineData("""{"data":{"smtp":{"host":"evil.test"},"imap":{"host":"evil.test"}}}""", "data.imap.password data.smtp.password")]
    [InlineData("""{"name":"Renamed","data":{"imap":{"security":"starttls"}}}""", "")]
    public async Task Changing_WithoutPassword_KeepsItForTheSameTargetOnly(string changes, string refused)
    {
        var id = await _store.AddAsync(Inputs.Valid(), Cancelled);
        var before = await _store.MailboxAsync(id, Cancelled);
        var input = MailboxFiles.Merge(changes).WithImap(imap => imap with { Password = null });

        var result = await _store.Editing.UpdateAsync(id, input, Actor.Operator, "web", Cancelled);

        Assert.Equal(refused, string.Join(' ', result.Errors.Keys.Order(StringComparer.Ordinal)));
        var after = await _store.MailboxAsync(id, Cancelled);
        Assert.Equal(before.Imap.ProtectedPassword, after.Imap.ProtectedPassword);
        Assert.Equal(refused.Length == 0 ? before.Version + 1 : before.Version, after.Version);
    }

    [Fact]
    public async Task NewPassword_ServesBothServers_WhenTheyShareIt()
    {
        var id = await _store.AddAsync(Inputs.Valid(), Cancelled);

        await _store.Editing.UpdateAsync(id, Inputs.Valid().WithImap(imap => imap with { Password = "changed" }), Actor.Operator, "web", Cancelled);

        var mailbox = await _store.MailboxAsync(id, Cancelled);
        Assert.Equal("changed", _store.Get<MailboxCredentials>().For(mailbox.Imap).Password);
        Assert.Equal("changed", _store.Get<MailboxCredentials>().For(mailbox.Smtp).Password);
    }

    [Fact]
    public async Task EveryChange_IsInTheActivityLog_AndNoChangeIsNot()
    {
        var id = await _store.AddAsync(Inputs.Valid(), Cancelled);
        var same = Inputs.Valid().WithImap(imap => imap with { Password = null });

        await _store.Editing.UpdateAsync(id, same, Actor.User(7), "web", Cancelled);
        await _store.Editing.UpdateAsync(id, same with { Name = "Renamed" }, Actor.User(7), "web", Cancelled);
        Assert.True(await _store.Editing.PauseAsync(id, Actor.User(7), "web", Cancelled));
        Assert.True(await _store.Editing.PauseAsync(id, Actor.User(7), "web", Cancelled));
        Assert.True(await _store.Editing.EnableAsync(id, Actor.User(7), "web", Cancelled));
        Assert.False(await _store.Editing.EnableAsync(404, Actor.User(7), "web", Cancelled));

        var activity = await _store.ActivityAsync(Cancelled);
        Assert.Equal(
            [
                ActivityKind.MailboxAdded, ActivityKind.MailboxChanged,
                ActivityKind.MailboxChanged, ActivityKind.MailboxStateChanged,
                ActivityKind.MailboxChanged, ActivityKind.MailboxStateChanged,
            ],
            activity.Select(entry => entry.Kind).ToArray());
        Assert.Equal("""{"name":["Support","Renamed"]}""", activity[1].Changes);
        Assert.Equal((ActorKind.User, 7, "web", id), (activity[1].ActorKind, activity[1].ActorUserId, activity[1].Origin, activity[1].MailboxId));
    }

    [Fact]
    public async Task List_NamesEachMailboxWithItsState()
    {
        var support = await _store.AddAsync(Inputs.Valid(), Cancelled);
        var paused = await _store.AddAsync(Inputs.Valid("b@x.test") with { Name = "archive", Enabled = false }, Cancelled);
        var queries = _store.Get<MailboxQueries>();

        Assert.Equal(
            [new MailboxListing(paused, "archive", "b@x.test", MailboxState.Paused), new MailboxListing(support, "Support", "support@example.test", MailboxState.Syncing)],
            await queries.ListAsync(Reach.All, Cancelled));
        Assert.Equal(support, await queries.FindByAddressAsync(Reach.All, "Support@Example.Test", Cancelled));
        Assert.Null(await queries.FindByAddressAsync(Reach.All, "nobody@x.test", Cancelled));
    }

    [Fact]
    public async Task UnknownMailbox_IsRefusedInWords()
    {
        Assert.Null(await _store.Editing.FindAsync(404, Cancelled));

        var result = await _store.Editing.UpdateAsync(404, Inputs.Valid(), Actor.Operator, "web", Cancelled);

        Assert.Equal("There is no such mailbox.", Assert.Single(result.Errors[""]));
    }

    private Task<List<long>> DefaultsAsync() =>
        _store.ReadAsync(db => db.Mailboxes.Where(m => m.IsDefault).Select(m => m.Id).ToListAsync(Cancelled), Cancelled);
}
