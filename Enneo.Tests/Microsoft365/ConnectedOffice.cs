using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Core.Sync;
using Enneo.Tests.Sending;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enneo.Tests.Microsoft365;

/// <summary>Connects an office's mailbox to the lab's Microsoft 365.</summary>
internal static class ConnectedOffice
{
    /// <returns>The mailbox that can be added now.</returns>
    public static async Task<MailboxInput> ConnectAsync(this Office office, Office365 microsoft, Microsoft365Input registration, string address, CancellationToken cancellationToken)
    {
        Assert.Empty(await office.Get<Microsoft365SettingsEditing>().SaveAsync(registration, Actor.Operator, "test", cancellationToken));
        var connected = await office.LogInAsync(microsoft, address, cancellationToken);
        return ConnectedStore.Input(address, connected.Account!.Id);
    }

    /// <summary>A session of the office's person, who proved a moment ago who they are.</summary>
    public static Task ProveAsync(this Office office, string session, CancellationToken cancellationToken) => office.ChangeAsync(async db =>
    {
        var now = office.Clock.GetUtcNow();
        await db.Sessions.Where(s => s.Id == session).ExecuteDeleteAsync(cancellationToken);
        db.Sessions.Add(new Session { Id = session, UserId = Office.Person, StartedAt = now, Method = SignInMethod.Password, Device = "", Address = null, LastSeenAt = now, ProvenAt = now });
        await db.SaveChangesAsync(cancellationToken);
    });

    /// <summary>The job of the mailbox runs once.</summary>
    public static Task SyncAsync(this Office office, CancellationToken cancellationToken) => new MailboxSyncJob(
        office.Get<MailboxSync>(), office.Get<SyncRequests>(), office.Get<SyncScheduler>(), office.Get<StatusRecorder>(), NullLogger<MailboxSyncJob>.Instance)
    {
        MailboxId = office.MailboxId,
    }.Execute(null!, cancellationToken).AsTask();

    public static async Task<ConnectResult> LogInAsync(this Office office, Office365 microsoft, string address, CancellationToken cancellationToken, long? mailboxId = null)
    {
        var connecting = office.Get<AccountConnecting>();
        var start = await connecting.StartAsync(new ConnectWish(address, "form", ConnectedStore.Session, Office.Person, mailboxId, ConnectedStore.Redirect), cancellationToken);
        return await connecting.FinishAsync(microsoft.Entra.LogIn(start.Login!, address), ConnectedStore.Session, cancellationToken);
    }
}
