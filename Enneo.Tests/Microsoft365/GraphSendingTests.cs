using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Microsoft365;

/// <summary>Sending by Microsoft Graph: what is taken, what is not, and what nobody knows.</summary>
public sealed class GraphSendingTests(Office365 office) : IClassFixture<Office365>, IAsyncLifetime
{
    private ConnectedStore _store = null!;
    private long _accountId;
    private string _address = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private GraphServer Graph => office.Entra.Graph;

    public async ValueTask InitializeAsync()
    {
        _store = await ConnectedStore.CreateAsync(office, Cancel);
        _address = office.Dovecot.NewUser();
        var mailboxId = await _store.AddAsync(_address, Cancel);
        _accountId = await _store.Get<AccountTokens>().AccountOfAsync(mailboxId, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        (Graph.Refusal, Graph.Delay, Graph.UploadAddress, Graph.KeepsDrafts) = (null, TimeSpan.Zero, null, false);
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_is_handed_over_byte_for_byte()
    {
        var mime = Mail(1000);

        Assert.Equal(GraphEnd.Accepted, (await SendAsync(mime)).End);
        Assert.Equal(mime, Graph.Sent.Last(sent => sent.Address == _address).Mime);
    }

    [Fact]
    public async Task A_large_mail_goes_as_a_draft_and_its_file_by_upload()
    {
        var uploaded = Graph.Uploaded;

        Assert.Equal(GraphEnd.Accepted, (await SendAsync(Mail(7_000_000))).End);

        using var draft = MimeMessage.Load(new MemoryStream(Graph.Sent.Last(sent => sent.Address == _address).Mime), Cancel);
        Assert.Equal((7_000_000, "large@example.test"), ((int)(Graph.Uploaded - uploaded), draft.MessageId));
        Assert.Empty(draft.Attachments);
    }

    [Theory]
    [InlineData(429, "ApplicationThrottled", GraphEnd.Later)]
    [InlineData(503, "serviceNotAvailable", GraphEnd.Later)]
    [InlineData(500, "internalServerError", GraphEnd.Unknown)]
    [InlineData(500, "ApplicationThrottled", GraphEnd.Later)]
    [InlineData(502, "serviceNotAvailable", GraphEnd.Unknown)]
    [InlineData(504, "serviceNotAvailable", GraphEnd.Unknown)]
    [InlineData(507, "ErrorQuotaExceeded", GraphEnd.Refused)]
    [InlineData(403, "ErrorSendAsDenied", GraphEnd.Refused)]
    [InlineData(403, "ErrorAccessDenied", GraphEnd.SignInAgain)]
    [InlineData(400, "ErrorInvalidRecipients", GraphEnd.Refused)]
    public async Task What_Graph_says_is_understood(int status, string code, GraphEnd end)
    {
        Graph.Refusal = (status, code, status == 429 ? 17 : null);

        var answer = await SendAsync(Mail(10));

        Assert.Equal((end, status == 429 ? TimeSpan.FromSeconds(17) : null), (answer.End, answer.RetryAfter));
        Assert.NotEmpty(answer.Words);
    }

    [Fact]
    public async Task A_large_mail_that_is_passed_on_whole_goes_by_upload_too_since_no_request_may_have_more_than_4_MB()
    {
        using var passedOn = MimeMessage.Load(new MemoryStream(Mail(4_000_000)), Cancel);
        using MimeMessage mail = new(
            [MailboxAddress.Parse(_address)], [MailboxAddress.Parse("customer@example.test")], "Fwd: Offer", new Multipart("mixed") { new TextPart("plain") { Text = "See below." }, new MessagePart { Message = passedOn } });
        using MemoryStream written = new();
        await mail.WriteToAsync(written, Cancel);
        var uploaded = Graph.Uploaded;

        Assert.Equal(GraphEnd.Accepted, (await SendAsync(written.ToArray())).End);

        Assert.InRange(Graph.Uploaded - uploaded, 5_300_000, 5_700_000); // Base64 and all
        using var draft = MimeMessage.Load(new MemoryStream(Graph.Sent.Last(sent => sent.Address == _address).Mime), Cancel);
        Assert.Equal(("See below.", 1), (draft.TextBody, draft.BodyParts.Count()));
    }

    [Fact]
    public async Task A_draft_that_stays_since_the_token_ended_is_gone_once_the_mail_has_left()
    {
        var before = Graph.Drafts;
        Graph.Rejections = 1;
        office.Entra.TokenRefusals["refresh_token"] = new EntraRefusal("invalid_grant", 50173);
        await Assert.ThrowsAsync<MailConnectionException>(() => SendAsync(Mail(4_000_000)));
        Assert.Equal(before + 1, Graph.Drafts);

        office.Entra.TokenRefusals.Clear();
        await _store.Get<WriterLane>().RunAsync((db, token) => db.ConnectedAccounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.GraphProblemAt, (DateTimeOffset?)null), token), Cancel);

        Assert.Equal((GraphEnd.Accepted, before), ((await SendAsync(Mail(4_000_000))).End, Graph.Drafts));
    }

    [Fact]
    public async Task No_answer_in_time_is_an_end_that_nobody_knows()
    {
        Graph.Delay = TimeSpan.FromSeconds(20);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(5));

        var answer = await _store.Get<GraphSending>().SendAsync(_accountId, _address, Mail(10), _ => Task.FromResult(true), patience.Token);

        Assert.Equal(GraphEnd.Unknown, answer.End);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(4_000_000)]
    public async Task What_was_taken_back_is_not_sent_and_leaves_no_draft(int bytes)
    {
        var before = (Graph.Sent.Count, Graph.Drafts);

        var answer = await _store.Get<GraphSending>().SendAsync(_accountId, _address, Mail(bytes), _ => Task.FromResult(false), Cancel);

        Assert.Equal((GraphEnd.TakenBack, before), (answer.End, (Graph.Sent.Count, Graph.Drafts)));
    }

    [Fact]
    public async Task A_large_mail_that_is_put_off_leaves_no_draft()
    {
        Graph.Refusal = (429, "ApplicationThrottled", 5);
        var before = Graph.Drafts;

        Assert.Equal(GraphEnd.Later, (await SendAsync(Mail(4_000_000))).End);
        Assert.Equal(before, Graph.Drafts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/upload")]
    [InlineData("http://localhost/upload")]
    public async Task An_address_for_files_that_cannot_be_trusted_puts_the_mail_off_and_leaves_no_draft(string address)
    {
        Graph.UploadAddress = address;
        var before = Graph.Drafts;

        Assert.Equal((GraphEnd.Later, before), ((await SendAsync(Mail(4_000_000))).End, Graph.Drafts));
    }

    [Fact]
    public async Task A_large_mail_of_which_it_cannot_be_written_down_that_it_leaves_does_not_leave_and_leaves_no_draft()
    {
        var before = (Graph.Sent.Count, Graph.Drafts);

        await Assert.ThrowsAsync<InvalidDataException>(() => _store.Get<GraphSending>().SendAsync(
            _accountId, _address, Mail(4_000_000), _ => throw new InvalidDataException("database or disk is full"), Cancel));

        Assert.Equal(before, (Graph.Sent.Count, Graph.Drafts));
    }

    [Fact]
    public async Task What_Graph_wants_the_next_token_to_hold_is_asked_for_and_the_mail_leaves()
    {
        const string Claims = """{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}""";
        Graph.Challenge = Claims;

        Assert.Equal(GraphEnd.Accepted, (await SendAsync(Mail(10))).End);
        Assert.Contains("1700000000", office.Entra.TokenRequests.Last()["claims"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_challenge_that_is_not_met_wants_a_person_to_sign_in()
    {
        (Graph.Challenge, Graph.Rejections) = ("""{"access_token":{"acrs":{"essential":true,"value":"c1"}}}""", 2);

        Assert.Equal(GraphEnd.SignInAgain, (await SendAsync(Mail(10))).End);
        (Graph.Challenge, Graph.Rejections) = (null, 0);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(4_000_000)]
    [Trait("Check", "OA13")]
    public async Task A_shared_mailbox_sends_as_itself_by_the_token_of_who_connected_it(int bytes)
    {
        var shared = office.Dovecot.NewUser();
        var connected = await _store.ConnectAsync(shared, Cancel, person: _address, isShared: true);
        var mailboxId = await _store.Store.AddAsync(ConnectedStore.Input(shared, connected.Account!.Id), Cancel);

        var answer = await _store.Get<GraphSending>().SendAsync(connected.Account.Id, shared, Mail(bytes), _ => Task.FromResult(true), Cancel);

        Assert.Equal((GraphEnd.Accepted, shared), (answer.End, Graph.Sent.Last().Address));
        var asked = Uri.UnescapeDataString((await _store.StartAsync(shared, Cancel, mailboxId))!.Query);
        Assert.All(["/Mail.Send.Shared", "/Mail.ReadWrite.Shared"], scope => Assert.Contains(scope, asked, StringComparison.Ordinal));
        Assert.DoesNotContain("/Mail.Send ", asked.Replace('+', ' '), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_that_cannot_be_deleted_hides_no_answer()
    {
        (Graph.Refusal, Graph.KeepsDrafts) = ((403, "ErrorSendAsDenied", null), true);

        Assert.Equal(GraphEnd.Refused, (await SendAsync(Mail(4_000_000))).End);
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(86_400, 3_600)]
    public async Task A_pause_is_understood_as_a_date_too_and_is_an_hour_at_most(int asked, int seconds)
    {
        DateTimeOffset now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
        using HttpResponseMessage response = new(HttpStatusCode.TooManyRequests);
        (response.Headers.Date, response.Headers.RetryAfter) = (now, new RetryConditionHeaderValue(now.AddSeconds(asked)));

        Assert.Equal(TimeSpan.FromSeconds(seconds), (await GraphSending.ReadAsync(response, Cancel)).RetryAfter);
    }

    private Task<GraphAnswer> SendAsync(byte[] mime) => _store.Get<GraphSending>().SendAsync(_accountId, _address, mime, _ => Task.FromResult(true), Cancel);

    private byte[] Mail(int bytes)
    {
        BodyBuilder body = new() { TextBody = "See the file." };
        body.Attachments.Add("offer.pdf", RandomNumberGenerator.GetBytes(bytes), new ContentType("application", "pdf"));
        using MimeMessage mail = new([MailboxAddress.Parse(_address)], [MailboxAddress.Parse("customer@example.test")], "Offer", body.ToMessageBody()) { MessageId = "large@example.test" };
        using MemoryStream written = new();
        mail.WriteTo(written, Cancel);
        return written.ToArray();
    }
}
