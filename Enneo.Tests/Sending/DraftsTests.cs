using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Tests.Servers;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Sending;

public sealed class DraftsTests : IAsyncLifetime
{
    private static readonly MailAddress[] s_nobody = [];

    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _office = await Office.OpenAsync(new SmtpSink(), ("Enneo:Sending:MaxAttachmentBytes", "100000"));

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public async Task A_reply_goes_to_reply_to_and_else_to_from()
    {
        using var plain = Office.Letter();
        using var redirected = Office.Letter();
        redirected.ReplyTo.Add(new MailboxAddress("Desk", "desk@customer.example"));

        Assert.Equal([new MailAddress("Jonas Weber", Office.Customer)], (await ReplyAsync(plain, DraftMode.Reply)).To);
        Assert.Equal([new MailAddress("Desk", "desk@customer.example")], (await ReplyAsync(redirected, DraftMode.Reply)).To);
    }

    [Fact]
    public async Task A_reply_to_all_goes_to_everybody_once_and_not_to_us()
    {
        using var letter = Office.Letter();
        letter.To.Add(new MailboxAddress("Eva", "eva@x.example"));
        letter.Cc.Add(new MailboxAddress("", Office.Address.ToUpperInvariant()));
        letter.Cc.Add(new MailboxAddress("", "EVA@x.example"));
        letter.Cc.Add(new MailboxAddress("Otto", "otto@x.example"));

        var draft = await ReplyAsync(letter, DraftMode.ReplyAll);

        Assert.Equal([Office.Customer, "eva@x.example"], draft.To.Select(to => to.Address));
        Assert.Equal(["otto@x.example"], draft.Cc.Select(cc => cc.Address));
        Assert.Equal("Müller & Söhne, Workshop", draft.From.Name);
    }

    [Fact]
    public async Task A_word_after_our_own_answer_goes_to_whom_we_answered()
    {
        var outgoing = await _office.SendAsync(await _office.WriteAsync(cc: ["cc@x.example"]));

        var draft = await _office.Drafts.StartReplyAsync(outgoing.MessageId, DraftMode.ReplyAll, Office.Person, Cancel);

        Assert.Equal([Office.Customer], draft!.To.Select(to => to.Address));
        Assert.Equal(["cc@x.example"], draft.Cc.Select(cc => cc.Address));
        Assert.Equal("Re: Where is my bicycle?", draft.Subject);
    }

    [Theory]
    [InlineData("Bicycle", "Re: Bicycle")]
    [InlineData("Re: Bicycle", "Re: Bicycle")]
    [InlineData("AW: RE: re[3]: SV : Bicycle", "Re: Bicycle")]
    [InlineData("Fwd: Bicycle", "Re: Fwd: Bicycle")]
    [InlineData("Rebate: 10 %", "Re: Rebate: 10 %")]
    [InlineData("two\tparts", "Re: two parts")]
    [InlineData("", "Re:")]
    public void The_subject_says_re_once(string subject, string expected) => Assert.Equal(expected, ReplySubject.For(subject));

    [Fact]
    public async Task A_draft_is_resumed_and_addressed_anew_with_its_text()
    {
        using var letter = Office.Letter();
        letter.Cc.Add(new MailboxAddress("Otto", "otto@x.example"));
        var asked = await _office.ReceiveAsync(letter);
        var first = await _office.WriteAsync("<div>Half a</div>", messageId: asked.MessageId);

        var resumed = await _office.Drafts.StartReplyAsync(asked.MessageId, DraftMode.Reply, Office.Person, Cancel);
        var toAll = await _office.Drafts.StartReplyAsync(asked.MessageId, DraftMode.ReplyAll, Office.Person, Cancel);
        var another = await _office.Drafts.StartReplyAsync(asked.MessageId, DraftMode.Reply, Office.Person + 1, Cancel);

        Assert.Equal((first.Id, "<div>Half a</div>"), (resumed!.Id, resumed.Html));
        Assert.Equal((first.Id, "<div>Half a</div>", "otto@x.example"), (toAll!.Id, toAll.Html, Assert.Single(toAll.Cc).Address));
        Assert.NotEqual(first.Id, another!.Id);
        Assert.Null(await _office.Drafts.FindAsync(another.Id, Office.Person, Cancel));
    }

    [Fact]
    public async Task A_save_that_arrives_late_is_dropped()
    {
        var draft = await _office.WriteAsync("<div>one</div>");
        DraftSave save = new(draft.Revision + 2, draft.To, [], [], draft.Subject, "<div>three</div>");
        await _office.Drafts.SaveAsync(draft.Id, save, Office.Person, Cancel);

        var late = await _office.Drafts.SaveAsync(draft.Id, save with { Revision = draft.Revision + 1, Html = "<div>two</div>" }, Office.Person, Cancel);

        Assert.Equal(("<div>three</div>", save.Revision), (late!.Html, late.Revision));
    }

    [Theory]
    [InlineData("<p>Hi <b>you</b></p><ul><li>x</li></ul>", "<p>Hi <b>you</b></p><ul><li>x</li></ul>")]
    [InlineData("<div onclick=\"x()\" style=\"position:fixed\">a<script>alert(1)</script></div>", "<div>a</div>")]
    [InlineData("<a href=\"javascript:alert(1)\">a</a><a href=\"https://x.example/\">b</a>", "<a>a</a><a href=\"https://x.example/\">b</a>")]
    [InlineData("<form><section>words</section></form><img src=x onerror=alert(1)>", "words")]
    public async Task What_is_written_is_sanitised(string written, string kept)
    {
        var draft = await _office.WriteAsync(written);

        Assert.Equal(kept, draft.Html);
    }

    [Fact]
    public async Task A_bottomless_text_is_kept_as_words()
    {
        var draft = await _office.WriteAsync(string.Concat(Enumerable.Repeat("<b>", 50_000)) + "the words");

        Assert.Equal("the words", draft.Html.Trim());
    }

    [Theory]
    [InlineData("a@x.example\r\nBcc: b@x.example", "", "s")]
    [InlineData("not an address", "", "s")]
    [InlineData("jürgen@x.example", "", "s")]
    [InlineData("a@x.example>", "", "s")]
    [InlineData("a@x.example", "A\nBcc: b@x.example", "s")]
    [InlineData("a@x.example", "", "s\r\nBcc: b@x.example")]
    [InlineData("a@x.example", "", "nul\0")]
    public async Task Nothing_can_end_a_header_and_begin_another(string address, string name, string subject)
    {
        var draft = await _office.WriteAsync();
        DraftSave save = new(draft.Revision + 1, [new MailAddress(name, address)], s_nobody, s_nobody, subject, "");

        await Assert.ThrowsAsync<ValidationException>(() => _office.Drafts.SaveAsync(draft.Id, save, Office.Person, Cancel));

        Assert.Equal(draft.Revision, (await _office.Drafts.FindAsync(draft.Id, Office.Person, Cancel))!.Revision);
    }

    [Theory]
    [InlineData("a@bücher.example")]
    [InlineData("\"a b\"@x.example")]
    [InlineData("o'neil+tag@x.example")]
    public async Task Unusual_addresses_are_addresses(string address)
    {
        var draft = await _office.WriteAsync(to: [address]);

        Assert.Equal(address, Assert.Single(draft.To).Address);
    }

    [Fact]
    public async Task Files_are_kept_under_names_of_our_own_and_go_with_the_draft()
    {
        var draft = await _office.WriteAsync();
        var attached = await AttachAsync(draft, "..\\..\\/etc/\u202Egpj.exe", 100);
        var other = await AttachAsync(draft, "b.txt", 200);
        var stored = Directory.GetFiles(_office.Uploads).Select(Path.GetFileName).ToList();

        Assert.Equal("gpj.exe", attached!.Name);
        Assert.Equal([attached.StoredName, other!.StoredName], stored.Order().OrderBy(name => name == attached.StoredName ? 0 : 1));
        Assert.True(await _office.Drafts.DetachAsync(draft.Id, other.Id, Office.Person, Cancel));
        Assert.False(await _office.Drafts.DetachAsync(draft.Id, attached.Id, Office.Person + 1, Cancel));
        Assert.Equal(attached.StoredName, Path.GetFileName(Assert.Single(Directory.GetFiles(_office.Uploads))));
        Assert.True(await _office.Drafts.DiscardAsync(draft.Id, Office.Person, Cancel));
        Assert.Empty(Directory.GetFiles(_office.Uploads));
        Assert.Null(await _office.Drafts.FindAsync(draft.Id, Office.Person, Cancel));
    }

    [Fact]
    public async Task More_than_a_mail_may_carry_is_refused_and_leaves_nothing_behind()
    {
        var draft = await _office.WriteAsync();
        await AttachAsync(draft, "a", 60_000);

        var refused = await Assert.ThrowsAsync<AttachmentTooLargeException>(() => AttachAsync(draft, "b", 60_000));
        await AttachAsync(draft, "c", 40_000);

        Assert.Equal(100_000, refused.Limit);
        Assert.Equal(2, Directory.GetFiles(_office.Uploads).Length);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_not_left_out_in_silence()
    {
        var draft = await _office.WriteAsync();
        var attached = await AttachAsync(draft, "a.txt", 10);
        File.Delete(Path.Combine(_office.Uploads, attached!.StoredName!));

        var result = await _office.Outbox.SendAsync(draft.Id, Office.Person, Cancel);

        Assert.Null(result.Outgoing);
        Assert.Contains("no longer on the server", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_recipient_nothing_is_sent()
    {
        var draft = await _office.WriteAsync(to: []);

        Assert.NotNull((await _office.Outbox.SendAsync(draft.Id, Office.Person, Cancel)).Problem);
        Assert.NotNull((await _office.Outbox.SendAsync(draft.Id, Office.Person + 1, Cancel)).Problem);
    }

    [Fact]
    public async Task Beginning_and_discarding_are_told_and_keystrokes_are_not()
    {
        var draft = await _office.WriteAsync();
        await _office.Drafts.SaveAsync(draft.Id, new DraftSave(9, draft.To, [], [], "x", "y"), Office.Person, Cancel);
        await _office.Drafts.DiscardAsync(draft.Id, Office.Person, Cancel);

        var told = await _office.ReadAsync(db => db.Activity.Where(e => e.ActorUserId == Office.Person).OrderBy(e => e.Sequence).Select(e => e.Kind).ToListAsync(Cancel));

        Assert.Equal([ActivityKind.DraftSaved, ActivityKind.DraftDiscarded], told);
    }

    private async Task<DraftView> ReplyAsync(MimeMessage letter, DraftMode mode)
    {
        var received = await _office.ReceiveAsync(letter);
        return Assert.IsType<DraftView>(await _office.Drafts.StartReplyAsync(received.MessageId, mode, Office.Person, Cancel));
    }

    private async Task<DraftAttachment?> AttachAsync(DraftView draft, string name, int size)
    {
        using MemoryStream content = new(Encoding.ASCII.GetBytes(new string('x', size)));
        return await _office.Drafts.AttachAsync(draft.Id, name, "text/plain; charset=utf-8", content, Office.Person, Cancel);
    }
}
