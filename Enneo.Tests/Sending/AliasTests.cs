using Enneo.Core.Sending;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Sending;

public sealed class AliasTests : IAsyncLifetime
{
    private const string Alias = "help@workshop.example";

    private readonly SmtpSink _sink = new() { User = Office.Address };
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _sink.InitializeAsync();
        var mailbox = Office.MailboxOf(_sink, FreePort.Next());
        _office = await Office.OpenAsync(mailbox with { Data = mailbox.Data with { Aliases = [Alias] } });
    }

    public async ValueTask DisposeAsync()
    {
        await _office.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Theory]
    [InlineData("To", "Help <HELP@workshop.example>", Alias)]
    [InlineData("Cc", "help@workshop.example", Alias)]
    [InlineData("Delivered-To", "help@workshop.example", Alias)]
    [InlineData("X-Original-To", "<help@workshop.example>", Alias)]
    [InlineData("To", "support@workshop.example", Office.Address)]
    [InlineData("X-Forwarded-To", "help@workshop.example", Office.Address)]
    public async Task An_answer_comes_from_the_address_that_was_written_to(string header, string value, string from)
    {
        using var letter = Office.Letter();
        letter.To.Clear();
        letter.Headers.Add(header, value);

        var draft = await _office.WriteAsync(messageId: (await _office.ReceiveAsync(letter)).MessageId);

        Assert.Equal(from, draft.From.Address);
    }

    [Fact]
    public async Task It_leaves_from_the_alias_by_the_account_and_its_next_word_too()
    {
        using var letter = Office.Letter();
        letter.To.Clear();
        letter.To.Add(new MailboxAddress("", Alias));
        var outgoing = await _office.SendAsync(await _office.WriteAsync(messageId: (await _office.ReceiveAsync(letter)).MessageId));

        await _office.DeliverAsync();

        var received = Assert.Single(_sink.Received);
        using var mail = received.Parse();
        Assert.Equal((Alias, "Müller & Söhne, Workshop"), (mail.From.Mailboxes.Single().Address, mail.From.Mailboxes.Single().Name));
        Assert.Equal(Office.Address, received.Sender);
        var next = await _office.Drafts.StartReplyAsync(outgoing.MessageId, DraftMode.Reply, Office.Person, Cancel);
        Assert.Equal(Alias, next!.From.Address);
    }

    [Fact]
    public async Task An_alias_that_was_taken_away_is_said_before_anything_leaves()
    {
        using var letter = Office.Letter();
        letter.To.Clear();
        letter.To.Add(new MailboxAddress("", Alias));
        var draft = await _office.WriteAsync(messageId: (await _office.ReceiveAsync(letter)).MessageId);
        await _office.ChangeAsync(async db =>
        {
            (await db.Mailboxes.SingleAsync(Cancel)).Aliases = [];
            await db.SaveChangesAsync(Cancel);
        });

        var result = await _office.Outbox.SendAsync(draft.Id, Office.Person, Cancel);

        Assert.Contains(Alias, result.Problem, StringComparison.Ordinal);
    }
}
