using Enneo.Core.Connections;

namespace Enneo.Core.Mailboxes.Proposals;

/// <summary>A server as a provider's own help pages name it.</summary>
internal sealed record KnownServer(string Host, int Port, ConnectionSecurity Security)
{
    public static KnownServer Imap(string host) => new(host, 993, ConnectionSecurity.Tls);

    public static KnownServer Smtp(string host) => new(host, 465, ConnectionSecurity.Tls);

    public static KnownServer Submission(string host) => new(host, 587, ConnectionSecurity.StartTls);

    public ServerInput For(string user) => new() { Host = Host, Port = Port, Security = Security, User = user };
}

/// <param name="Note">What must be done at the provider first; null when address and password are enough.</param>
internal sealed record KnownProvider(KnownServer Imap, KnownServer Smtp, Func<string>? Note = null);

/// <summary>The mail servers of well-known providers, by the domain of the address.</summary>
internal static class WellKnownServers
{
    private static readonly (KnownProvider Provider, string Domains)[] s_providers =
    [
        (new(KnownServer.Imap("imap.gmail.com"), KnownServer.Smtp("smtp.gmail.com"), () => MailboxText.NoteAppPasswordGoogle),
            "gmail.com googlemail.com"),
        (new(KnownServer.Imap("outlook.office365.com"), KnownServer.Submission("smtp-mail.outlook.com"), () => MailboxText.NoteMicrosoft),
            "outlook.com outlook.de outlook.at outlook.fr outlook.es outlook.it hotmail.com hotmail.de hotmail.fr hotmail.it hotmail.es hotmail.co.uk live.com live.de live.fr live.nl live.co.uk msn.com"),
        (new(KnownServer.Imap("outlook.office365.com"), KnownServer.Submission("smtp.office365.com"), () => MailboxText.NoteMicrosoft),
            "onmicrosoft.com office365.com"),
        (new(KnownServer.Imap("imap.mail.yahoo.com"), KnownServer.Smtp("smtp.mail.yahoo.com"), () => MailboxText.NoteAppPassword),
            "yahoo.com yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.co.uk ymail.com rocketmail.com"),
        (new(KnownServer.Imap("imap.aol.com"), KnownServer.Smtp("smtp.aol.com"), () => MailboxText.NoteAppPassword),
            "aol.com aol.de"),
        (new(KnownServer.Imap("imap.mail.me.com"), KnownServer.Submission("smtp.mail.me.com"), () => MailboxText.NoteAppPasswordApple),
            "icloud.com me.com mac.com"),
        (new(KnownServer.Imap("imap.gmx.net"), KnownServer.Smtp("mail.gmx.net"), () => MailboxText.NoteSwitchOn),
            "gmx.net gmx.de gmx.at gmx.ch gmx.org gmx.eu gmx.info"),
        (new(KnownServer.Imap("imap.gmx.com"), KnownServer.Smtp("mail.gmx.com"), () => MailboxText.NoteSwitchOn),
            "gmx.com gmx.us gmx.co.uk gmx.fr gmx.es"),
        (new(KnownServer.Imap("imap.web.de"), KnownServer.Submission("smtp.web.de"), () => MailboxText.NoteSwitchOn),
            "web.de"),
        (new(KnownServer.Imap("secureimap.t-online.de"), KnownServer.Smtp("securesmtp.t-online.de"), () => MailboxText.NoteOwnPassword),
            "t-online.de magenta.de"),
        (new(KnownServer.Imap("mx.freenet.de"), KnownServer.Submission("mx.freenet.de"), () => MailboxText.NoteSwitchOn),
            "freenet.de"),
        (new(KnownServer.Imap("imap.ionos.de"), KnownServer.Smtp("smtp.ionos.de")),
            "ionos.de 1und1.de online.de onlinehome.de"),
        (new(KnownServer.Imap("imap.ionos.com"), KnownServer.Smtp("smtp.ionos.com")),
            "ionos.com 1and1.com"),
        (new(KnownServer.Imap("imap.strato.de"), KnownServer.Smtp("smtp.strato.de")),
            "strato.de"),
        (new(KnownServer.Imap("imap.mailbox.org"), KnownServer.Smtp("smtp.mailbox.org"), () => MailboxText.NoteAppPasswordTwoStep),
            "mailbox.org"),
        (new(KnownServer.Imap("posteo.de"), KnownServer.Smtp("posteo.de")),
            "posteo.de posteo.net posteo.org posteo.eu posteo.at posteo.ch"),
        (new(KnownServer.Imap("imap.fastmail.com"), KnownServer.Smtp("smtp.fastmail.com"), () => MailboxText.NoteAppPassword),
            "fastmail.com fastmail.fm fastmail.de messagingengine.com"),
        (new(KnownServer.Imap("imap.zoho.com"), KnownServer.Smtp("smtp.zoho.com"), () => MailboxText.NoteSwitchOnAppPassword),
            "zoho.com zohomail.com"),
        (new(KnownServer.Imap("imap.zoho.eu"), KnownServer.Smtp("smtp.zoho.eu"), () => MailboxText.NoteSwitchOnAppPassword),
            "zoho.eu zohomail.eu"),
        (new(KnownServer.Imap("imap.yandex.com"), KnownServer.Smtp("smtp.yandex.com"), () => MailboxText.NoteSwitchOnAppPassword),
            "yandex.com yandex.ru ya.ru"),
        (new(KnownServer.Imap("mail.your-server.de"), KnownServer.Submission("mail.your-server.de")),
            "your-server.de hetzner.de hetzner.com"),
        (new(KnownServer.Imap("ssl0.ovh.net"), KnownServer.Smtp("ssl0.ovh.net")),
            "ovh.net ovh.com ovh.de ovh.fr"),
        (new(KnownServer.Imap("imap.orange.fr"), KnownServer.Smtp("smtp.orange.fr")),
            "orange.fr wanadoo.fr"),
        (new(KnownServer.Imap("imap.free.fr"), KnownServer.Smtp("smtp.free.fr")),
            "free.fr"),
        (new(KnownServer.Imap("imap.mail.de"), KnownServer.Smtp("smtp.mail.de")),
            "mail.de"),
        (new(new("127.0.0.1", 1143, ConnectionSecurity.StartTls), new("127.0.0.1", 1025, ConnectionSecurity.StartTls), () => MailboxText.NoteProton),
            "proton.me protonmail.com protonmail.ch pm.me"),
    ];

    private static readonly Dictionary<string, KnownProvider> s_byDomain = s_providers
        .SelectMany(entry => entry.Domains.Split(' '), (entry, domain) => (domain, entry.Provider))
        .ToDictionary(pair => pair.domain, pair => pair.Provider);

    /// <summary>A subdomain counts as its domain: every Microsoft 365 tenant is one of onmicrosoft.com.</summary>
    public static KnownProvider? Find(string domain)
    {
        var rest = domain;
        while (rest.Contains('.', StringComparison.Ordinal))
        {
            if (s_byDomain.TryGetValue(rest, out var provider))
            {
                return provider;
            }

            rest = rest[(rest.IndexOf('.', StringComparison.Ordinal) + 1)..];
        }

        return null;
    }
}
