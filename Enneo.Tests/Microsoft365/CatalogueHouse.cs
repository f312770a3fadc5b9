using System.Globalization;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.Sync;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>One mailbox at a Microsoft 365 whose authority, mail servers and Graph refuse as a test says.</summary>
public sealed class CatalogueHouse : IAsyncLifetime
{
    public CatalogueHouse()
    {
        Sink = new SmtpSink { Certificate = Microsoft.Dovecot.Certificate, OfferStartTls = true, Mechanisms = "XOAUTH2", User = "whoever has a token" };
        NotConnected = new ScriptedImapServer { Certificate = Microsoft.Dovecot.Certificate, ImplicitTls = true, Override = SignInOnlyAsync };
    }

    public Office365 Microsoft { get; } = new();

    public SmtpSink Sink { get; }

    /// <summary>Signs everybody in and takes no command then, as Exchange does where IMAP is switched off.</summary>
    public ScriptedImapServer NotConnected { get; }

    public Office Office { get; private set; } = null!;

    public string Address { get; private set; } = "";

    public Microsoft365Input Registration => Microsoft.Registration with
    {
        Own = Microsoft.Registration.Own! with { Smtp = string.Create(CultureInfo.InvariantCulture, $"localhost:{Sink.Port}") },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Microsoft.InitializeAsync();
        await Sink.InitializeAsync();
        await NotConnected.InitializeAsync();
        Address = Microsoft.Dovecot.NewUser();
        Office = await Office.OpenAsync(office => office.ConnectAsync(Microsoft, Registration, Address, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await Office.DisposeAsync();
        await NotConnected.DisposeAsync();
        await Sink.DisposeAsync();
        await Microsoft.DisposeAsync();
    }

    /// <summary>As if nothing had been refused yet.</summary>
    public async Task ForgetAsync()
    {
        var soon = TimeProvider.System.GetUtcNow().AddMinutes(1);
        (Microsoft.Entra.LoginRefusal, Microsoft.Entra.SignsWrongly, Microsoft.Entra.Graph.Refusal, Sink.SignInRefusal) = (null, false, null, null);
        Microsoft.Entra.TokenRefusals.Clear();
        Sink.Faults.Clear();
        await Office.ChangeAsync(async db =>
        {
            await db.ConnectedAccounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.Problem, (string?)null).SetProperty(a => a.ProblemAt, (DateTimeOffset?)null)
                .SetProperty(a => a.GraphProblem, (string?)null).SetProperty(a => a.GraphProblemAt, (DateTimeOffset?)null).SetProperty(a => a.ValidUntil, soon), Cancel);
            await db.Outbox.ExecuteDeleteAsync(Cancel);
            await db.MailboxStatuses.ExecuteUpdateAsync(set => set.SetProperty(s => s.State, MailboxState.Ok).SetProperty(s => s.Message, (string?)null), Cancel);
            await db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.SendsByGraph, false), Cancel);
        });
    }

    /// <summary>A session of the office's person, who proved a moment ago who they are.</summary>
    public Task ProveAsync(string session) => Office.ProveAsync(session, Cancel);

    /// <summary>The job of the mailbox runs once.</summary>
    public Task SyncAsync() => Office.SyncAsync(Cancel);

    public Task MoveImapAsync(int port) => Office.ChangeAsync(db => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.Imap.Port, port), Cancel));

    public async Task<MailboxReport> ReportAsync() => (await Office.Get<MailboxReports>().ListAsync(Cancel)).Single(report => report.Mailbox.Id == Office.MailboxId);

    internal static async Task<bool> SignInOnlyAsync(ImapCommand command, ScriptedImapSession session)
    {
        if (command.Name is "CAPABILITY" or "LOGOUT")
        {
            return false;
        }

        await session.WriteAsync(command.Name is "AUTHENTICATE" ? $"{command.Tag} OK AUTHENTICATE completed." : $"{command.Tag} BAD User is authenticated but not connected.");
        return true;
    }
}
