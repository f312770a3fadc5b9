using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Tests.Sending;

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

    public static async Task<ConnectResult> LogInAsync(this Office office, Office365 microsoft, string address, CancellationToken cancellationToken, long? mailboxId = null)
    {
        var connecting = office.Get<AccountConnecting>();
        var login = await connecting.StartAsync(new ConnectWish(address, "form", ConnectedStore.Session, Office.Person, mailboxId, ConnectedStore.Redirect), cancellationToken);
        return await connecting.FinishAsync(microsoft.Entra.LogIn(login!, address), ConnectedStore.Session, cancellationToken);
    }
}
