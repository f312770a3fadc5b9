using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Microsoft365;

/// <summary>By which road a mailbox sends where no way leads to the SMTP server: by Graph where that was asked and takes it, whoever the mailbox is of.</summary>
public sealed class SendingRoadTests(Office365 office) : IClassFixture<Office365>, IAsyncLifetime
{
    private ConnectedStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Microsoft365Input Blocked => office.Registration with { Own = office.Registration.Own! with { Smtp = string.Create(CultureInfo.InvariantCulture, $"localhost:{FreePort.Next()}") } };

    public async ValueTask InitializeAsync()
    {
        _store = await ConnectedStore.CreateAsync(office, Cancel);
        await SaveAsync(Blocked);
    }

    public async ValueTask DisposeAsync()
    {
        office.Entra.IsMultiTenant = false;
        office.Entra.Rights.Withdrawn.Clear();
        office.Entra.Rights.Roles["/graph"] = ["Mail.Send", "Mail.ReadWrite"];
        await _store.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_blocked_port_is_named_and_leads_to_Graph_only_where_Graph_was_asked_and_takes_what_is_sent(bool isShared)
    {
        var (address, person) = ($"team-{isShared}@example.test", "anna@example.test");

        var open = await FindAsync(address);
        office.Entra.Rights.Withdrawn[isShared ? "Mail.Send.Shared" : "Mail.Send"] = 0;
        var closed = await FindAsync(address);

        Assert.Equal((true, null), (open.IsGraph, open.GraphProblem));
        Assert.Contains("cannot be reached on port", open.SmtpProblem, StringComparison.Ordinal);
        Assert.Equal((false, open.SmtpProblem), (closed.IsGraph, closed.SmtpProblem));
        Assert.Contains(Causes.GraphDenied, closed.GraphProblem, StringComparison.Ordinal);

        async Task<SendingRoad> FindAsync(string mailbox)
        {
            var connected = await _store.ConnectAsync(mailbox, Cancel, isShared ? person : mailbox, isShared: isShared);
            return await _store.Get<SendingRoadCheck>().FindAsync(mailbox, connected.Account!.Id, Cancel);
        }
    }

    [Fact]
    public async Task The_app_itself_is_led_to_Graph_only_where_Graph_lets_it_into_the_mailbox()
    {
        var account = (await _store.Get<ApplicationConnecting>().ConnectAsync("app@example.test", Cancel)).Account!.Id;
        Assert.True((await _store.Get<SendingRoadCheck>().FindAsync("app@example.test", account, Cancel)).IsGraph);

        office.Entra.Rights.Roles["/graph"] = [];
        account = (await _store.Get<ApplicationConnecting>().ConnectAsync("app@example.test", Cancel)).Account!.Id;
        Assert.False((await _store.Get<SendingRoadCheck>().FindAsync("app@example.test", account, Cancel)).IsGraph);
    }

    [Fact]
    public async Task A_mailbox_that_is_an_alias_is_known_to_Graph_by_the_person()
    {
        office.Entra.Add(new EntraPerson("kim.lee@example.test", Guid.NewGuid()) { Aliases = ["support@example.test"] });
        var connected = await _store.ConnectAsync("support@example.test", Cancel, person: "kim.lee@example.test");

        Assert.False(connected.Account!.IsOther);
        Assert.True((await _store.Get<SendingRoadCheck>().FindAsync("support@example.test", connected.Account.Id, Cancel)).IsGraph);
        Assert.Equal(GraphEnd.Accepted, await SendAsync(connected.Account.Id, "support@example.test"));
    }

    /// <summary>Graph names them by other digits than the sign-in does, and their tokens hold what is asked for.</summary>
    [Fact]
    public async Task A_private_account_is_recognised_and_sends_by_Graph()
    {
        office.Entra.IsMultiTenant = true;
        await SaveAsync(Blocked with { Tenant = "common" });
        office.Entra.Add(new EntraPerson("kim@outlook.example", Guid.Parse("00000000-0000-0000-0a1b-2c3d4e5f6071")) { Tenant = ConnectedAccount.PersonalTenant, MailAddress = "workshop@outlook.example" });

        var connected = await _store.ConnectAsync("workshop@outlook.example", Cancel, person: "kim@outlook.example");

        Assert.Equal((true, false), (connected.Account?.IsPersonal, connected.Account?.IsOther));
        Assert.True((await _store.Get<SendingRoadCheck>().FindAsync("workshop@outlook.example", connected.Account!.Id, Cancel)).IsGraph);
        Assert.Equal(GraphEnd.Accepted, await SendAsync(connected.Account.Id, "workshop@outlook.example"));
    }

    private async Task<GraphEnd> SendAsync(long accountId, string address) =>
        (await _store.Get<GraphSending>().SendAsync(accountId, address, "Subject: x\r\n\r\nx\r\n"u8.ToArray(), _ => Task.FromResult(true), Cancel)).End;

    private async Task SaveAsync(Microsoft365Input registration) => Assert.Empty(await _store.Get<Microsoft365SettingsEditing>().SaveAsync(registration, Actor.Operator, "test", Cancel));
}
