using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Sending;
using Enneo.Tests.Servers;
using MimeKit;

namespace Enneo.Tests.Sending;

public sealed class InvitationMailTests : IAsyncLifetime
{
    private readonly SmtpSink _sink = new() { User = Office.Address };
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _sink.InitializeAsync();
        _office = await Office.OpenAsync(_sink);
    }

    public async ValueTask DisposeAsync()
    {
        await _office.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task The_link_arrives_from_the_mailbox_and_whoever_follows_it_joins()
    {
        var link = await InviteAsync(Roles.Agent);

        var sent = await SendAsync(link);

        Assert.Equal(new OwnMailResult(Office.Address), sent);
        using var mail = Assert.Single(_sink.Received).Parse();
        Assert.Equal((Office.Address, "ben@customer.example"), (Assert.Single(mail.From.Mailboxes).Address, Assert.Single(mail.To.Mailboxes).Address));
        Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);
        Assert.Contains("Hello Ben", mail.TextBody, StringComparison.Ordinal);
        var address = mail.TextBody!.Split((char[])[' ', '\r', '\n']).Single(word => word.StartsWith("https://", StringComparison.Ordinal));
        var joined = await _office.Get<Inviting>().AcceptAsync(new Uri(address).Segments[^1], "", "four words of ben", "test", Cancel);
        Assert.True(joined.Succeeded, joined.Problem);
    }

    [Fact]
    public async Task A_link_that_makes_an_admin_is_not_sent()
    {
        var sent = await SendAsync(await InviteAsync(Roles.Admin));

        Assert.Equal(new OwnMailResult(null, SendingText.InvitationOfAdmin), sent);
        Assert.Empty(_sink.Received);
    }

    [Fact]
    public async Task A_server_that_does_not_let_us_in_is_named()
    {
        _sink.Password = "another one";

        var sent = await SendAsync(await InviteAsync(Roles.Agent));

        Assert.Null(sent.From);
        Assert.NotEmpty(sent.Problem!);
        Assert.Empty(_sink.Received);
    }

    private async Task<InvitationLink> InviteAsync(string role) =>
        (await _office.Get<Inviting>().InviteAsync(new("ben@customer.example", "Ben", role), Actor.Operator, "test", Cancel)).Link!;

    private Task<OwnMailResult> SendAsync(InvitationLink link) =>
        _office.Get<InvitationMail>().SendAsync(link, new Uri($"https://mail.workshop.example/invitation/{link.Token}"), Cancel);
}
