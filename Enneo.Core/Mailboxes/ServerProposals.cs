using Enneo.Core.Connections;
using Enneo.Core.Mailboxes.Proposals;
using Enneo.Core.Mailboxes.Rules;

namespace Enneo.Core.Mailboxes;

/// <summary>Where the servers of an address probably are.</summary>
/// <param name="Note">What must be done first, or is uncertain.</param>
public sealed record ServerProposal(ServerInput Imap, ServerInput Smtp, string? Note);

/// <summary>Proposes servers: a built-in list of well-known providers, else imap./smtp./mail. of the domain with a short probe.</summary>
public sealed class ServerProposals(ImapConnector imapConnector, SmtpConnector smtpConnector)
{
    private readonly ServerProbe _probe = new(imapConnector, smtpConnector);

    /// <summary>Answers within three seconds.</summary>
    /// <returns>Null when the address is not one, or nothing answered.</returns>
    public async Task<ServerProposal?> ProposeAsync(string address, CancellationToken cancellationToken)
    {
        var user = AddressSyntax.Normalize(address.Trim(' '));
        if (!AddressSyntax.IsAddress(user))
        {
            return null;
        }

        var domain = HostSyntax.Normalize(AddressSyntax.DomainOf(user));
        return WellKnownServers.Find(domain) is { } provider
            ? new ServerProposal(provider.Imap.For(user), provider.Smtp.For(user), provider.Note?.Invoke())
            : await ProbeAsync(domain, user, cancellationToken);
    }

    private async Task<ServerProposal?> ProbeAsync(string domain, string user, CancellationToken cancellationToken) =>
        await _probe.RunAsync(domain, cancellationToken) switch
        {
            (null, null) => null,
            ({ } imap, { } smtp) => new ServerProposal(imap.For(user), smtp.For(user), null),
            ({ } imap, null) => new ServerProposal(imap.For(user), KnownServer.Smtp($"smtp.{domain}").For(user), MailboxText.NoteSmtpGuessed),
            (null, { } smtp) => new ServerProposal(KnownServer.Imap($"imap.{domain}").For(user), smtp.For(user), MailboxText.NoteImapGuessed),
        };
}
