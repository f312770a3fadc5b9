using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Core.Sync;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using Enneo.Tests.Shell;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Microsoft365;

/// <summary>After a mailbox was connected, read, sent from, renewed and refused, what Microsoft gave and what was shown to it stands nowhere in clear.</summary>
public sealed class TokensNowhereTests(Office365 office) : IClassFixture<Office365>, IAsyncLifetime
{
    private const int Telling = 40;

    private readonly LogLines _log = new();
    private readonly HashSet<string> _secrets = [EntraServer.Secret];

    private readonly EnneoApp _app = new()
    {
        Settings = new Dictionary<string, string>
        {
            ["Logging:LogLevel:Default"] = "Trace",
            ["Logging:LogLevel:Microsoft"] = "Warning", // as shipped
            ["Logging:Console:LogLevel:Default"] = "None",
        },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _app.InitializeAsync();
        _app.Get<ILoggerFactory>().AddProvider(_log);
    }

    public async ValueTask DisposeAsync()
    {
        (office.Entra.SignsWrongly, office.Entra.Graph.Refusal) = (false, null);
        office.Entra.TokenRefusals.Clear();
        await _app.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    [Trait("Check", "OA07")]
    [Trait("Check", "OA12")]
    public async Task No_token_code_verifier_or_secret_is_in_the_log_the_database_a_page_or_an_answer_of_the_API()
    {
        var address = office.Dovecot.NewUser();
        Assert.Empty(await _app.Get<Microsoft365SettingsEditing>().SaveAsync(office.Registration, Actor.Operator, "test", Cancel));
        using WebVisitor admin = new(_app.Address);
        using (await admin.SignInAsync(EnneoStore.PersonEmail, EnneoStore.PersonPassword))
        {
            await ConnectAsync(admin, address);
        }

        var account = await ReadAsync(db => db.ConnectedAccounts.AsNoTracking().SingleAsync(Cancel));
        var mailboxId = await _app.AddAsync(ConnectedStore.Input(address, account.Id), Cancel);
        await EnneoStore.UntilAsync(async () => (await _app.Get<MailboxReports>().ListAsync(Cancel)).Single().Status.State is MailboxState.Ok, TimeSpan.FromSeconds(30), Cancel);
        await SendAsync(account.Id, mailboxId, address);
        await FailAsync(account.Id, mailboxId, address);

        Remember();
        Assert.True(_secrets.Count > 10);
        Assert.Contains("Connected account", _log.Text, StringComparison.Ordinal); // what is said there is heard here
        AssertClean("the log", _log.Text);
        await AssertFilesAsync();
        await AssertAnswersAsync(admin, mailboxId);
    }

    /// <summary>As a person does it in the browser.</summary>
    private async Task ConnectAsync(WebVisitor admin, string address)
    {
        using var start = await admin.GetAsync($"/settings/microsoft365/connect?form=a&address={Uri.EscapeDataString(address)}");
        var asked = QueryHelpers.ParseQuery(start.Headers.Location!.Query);
        Uri back = new(office.Entra.Back(asked["redirect_uri"].ToString(), asked["state"].ToString(), asked["code_challenge"].ToString(), asked["scope"].ToString(), address));
        _secrets.Add(asked["state"].ToString());
        _secrets.Add(QueryHelpers.ParseQuery(back.Query)["code"].ToString());
        using var done = await admin.GetAsync(back.PathAndQuery);
        Assert.StartsWith("/microsoft365/done?end=Connected", done.Headers.Location!.ToString(), StringComparison.Ordinal);
        using var page = await admin.GetAsync(done.Headers.Location.ToString());
        Assert.Equal(["no-referrer"], done.Headers.GetValues("Referrer-Policy"));
    }

    private async Task SendAsync(long accountId, long mailboxId, string address)
    {
        Assert.Equal(StepState.Done, (await _app.Get<ConnectionTest>().SendAsync(ConnectedStore.Input(address, null), mailboxId, address, Cancel).ToListAsync(Cancel))[^1].State);
        await _app.Get<AccountTokens>().GetAsync(accountId, TokenFor.Mail, Cancel, early: true);
        Assert.Equal(GraphEnd.Accepted, (await GraphAsync(accountId, address)).End);
    }

    private async Task FailAsync(long accountId, long mailboxId, string address)
    {
        office.Entra.Graph.Refusal = (403, "ErrorAccessDenied", null);
        await GraphAsync(accountId, address);
        office.Entra.SignsWrongly = true;
        await _app.Get<AccountTokens>().GetAsync(accountId, TokenFor.Mail, Cancel, early: true);
        var mailbox = await ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == mailboxId, Cancel));
        await Assert.ThrowsAsync<MailConnectionException>(() => _app.Get<MailboxSignIn>().ImapAsync(mailbox, Cancel));
        await Assert.ThrowsAsync<MailConnectionException>(() => _app.Get<MailboxSignIn>().SmtpAsync(mailbox, Cancel));
        office.Entra.TokenRefusals["refresh_token"] = new EntraRefusal("invalid_grant", 50173);
        await Assert.ThrowsAsync<MailConnectionException>(() => _app.Get<AccountTokens>().GetAsync(accountId, TokenFor.Mail, Cancel, early: true));
        await _app.Get<TokenRenewal>().RunAsync(Cancel);
    }

    private Task<GraphAnswer> GraphAsync(long accountId, string address) =>
        _app.Get<GraphSending>().SendAsync(accountId, address, Office.Letter().ToBytes(), _ => Task.FromResult(true), Cancel);

    /// <summary>All that went between us and the authority.</summary>
    private void Remember()
    {
        foreach (var token in office.Entra.GivenTokens)
        {
            _secrets.UnionWith(token.Split('.') is [_, var claims, var signature] ? [claims[..Telling], signature[..Telling]] : [token[..Telling]]);
        }

        foreach (var value in office.Entra.TokenRequests.SelectMany(request => new[] { "code", "code_verifier", "refresh_token" }.Select(request.GetValueOrDefault)).OfType<string>())
        {
            _secrets.Add(value[..Math.Min(Telling, value.Length)]);
        }
    }

    private async Task AssertFilesAsync()
    {
        var files = Directory.EnumerateFiles(_app.DataDirectory, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/keys/", StringComparison.Ordinal) && !file.EndsWith(".lock", StringComparison.Ordinal)).ToList();
        Assert.Contains(files, file => file.EndsWith(".db", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal));
        foreach (var path in files)
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using MemoryStream bytes = new();
            await file.CopyToAsync(bytes, Cancel);
            var text = Encoding.Latin1.GetString(bytes.ToArray());
            AssertClean(path, text);
            Assert.DoesNotContain("eyJ0eXAi", text, StringComparison.Ordinal);
        }
    }

    private async Task AssertAnswersAsync(WebVisitor admin, long mailboxId)
    {
        string[] paths =
        [
            "/settings/email-accounts", $"/settings/email-accounts?account={mailboxId}", "/settings/microsoft365", "/settings/audit-log", "/settings/audit-log.csv", "/inbox", "/account",
            "/api/mind/settings/subchannel", $"/api/mind/settings/subchannel/{mailboxId}", "/api/mind/changes", "/api/mind/docs/open-api",
        ];
        foreach (var path in paths)
        {
            using var answer = await admin.GetAsync(path);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            AssertClean(path, await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    private void AssertClean(string where, string text) => Assert.DoesNotContain(_secrets.Select((secret, index) => (secret, $"secret {index} in {where}")), pair => text.Contains(pair.secret, StringComparison.Ordinal));

    private Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read) => ReadAsync(_app.Get<IDbContextFactory<EnneoDbContext>>(), read);

    private static async Task<T> ReadAsync<T>(IDbContextFactory<EnneoDbContext> factory, Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await factory.CreateDbContextAsync(Cancel);
        return await read(db);
    }
}
