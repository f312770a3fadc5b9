namespace Enneo.Core.Mailboxes.Rules;

/// <summary>Between <see cref="MailboxInput"/> and the stored <see cref="Mailbox"/>, both ways.</summary>
internal static class MailboxWriting
{
    public static Mailbox Create(MailboxInput wanted, ServerSettings imap, ServerSettings smtp, DateTimeOffset now)
    {
        Mailbox mailbox = new()
        {
            Name = wanted.Name!,
            Address = wanted.Data.Address!,
            Imap = imap,
            Smtp = smtp,
            ConnectedAt = now,
        };
        Begin(wanted, imap, smtp, mailbox);
        return mailbox;
    }

    /// <summary>The mailbox is reached in the wanted way from now on, with what is usual there.</summary>
    public static void Begin(MailboxInput wanted, ServerSettings imap, ServerSettings smtp, Mailbox mailbox)
    {
        var method = wanted.Data.Method switch
        {
            "api" => MailboxMethod.Api,
            "microsoft365" => MailboxMethod.Microsoft365,
            "google" => MailboxMethod.Google,
            "oauth" => MailboxMethod.OAuth,
            _ => MailboxMethod.Imap,
        };
        if (mailbox.Id == 0 || mailbox.Method != method)
        {
            mailbox.Method = method;
            mailbox.Spam.JunkMovesCount = method is not MailboxMethod.Microsoft365; // that server moves mail by itself
        }

        Apply(wanted, imap, smtp, mailbox);
    }

    /// <summary>What <paramref name="wanted"/> says nothing about (folders, spam) stays.</summary>
    public static void Apply(MailboxInput wanted, ServerSettings imap, ServerSettings smtp, Mailbox mailbox)
    {
        var data = wanted.Data;
        mailbox.Name = wanted.Name!;
        mailbox.Address = data.Address!;
        mailbox.SenderName = data.SenderName ?? "";
        mailbox.Aliases = [.. data.Aliases.Where(alias => !string.Equals(alias, data.Address, StringComparison.OrdinalIgnoreCase))];
        mailbox.Signature = data.Signature is { } signature ? MailTemplate.Sanitize(signature) : mailbox.Signature;
        mailbox.Enabled = wanted.Enabled;
        mailbox.Imap = imap;
        mailbox.Smtp = smtp;
        mailbox.Since = data.Since?.ToUniversalTime();
        mailbox.ClosingArchives = data.ClosingArchives;
        mailbox.IsShadow |= data.Shadow; // going live asks what becomes of what waits
        mailbox.SendsByGraph = mailbox.Method is MailboxMethod.Microsoft365 && (data.SendsByGraph ?? mailbox.SendsByGraph);
        mailbox.ReceivesByGraph = mailbox.Method is MailboxMethod.Microsoft365 && (data.ReceivesByGraph ?? mailbox.ReceivesByGraph);
        mailbox.PollInterval = TimeSpan.FromSeconds(data.PollSeconds);
        if (data.Folders is { } folders && FolderWishes.Parse(folders) is { } names)
        {
            mailbox.Folders = names;
        }

        if (data.Spam is { } spam)
        {
            SpamWishes.Parse(spam)?.ApplyTo(mailbox.Spam);
        }
    }

    /// <summary>Without passwords: they are write-only.</summary>
    public static MailboxInput ToInput(Mailbox mailbox) => new()
    {
        Name = mailbox.Name,
        IsDefault = mailbox.IsDefault,
        Enabled = mailbox.Enabled,
        Data = new MailboxData
        {
            Method = mailbox.Method.ToString().ToLowerInvariant(),
            Address = mailbox.Address,
            SenderName = mailbox.SenderName.Length > 0 ? mailbox.SenderName : null,
            Aliases = mailbox.Aliases,
            Signature = mailbox.Signature.Length > 0 ? mailbox.Signature : null,
            SendsByGraph = mailbox.SendsByGraph,
            ReceivesByGraph = mailbox.ReceivesByGraph,
            Imap = ToInput(mailbox.Imap),
            Smtp = ToInput(mailbox.Smtp),
            Folders = FolderWishes.ToJson(mailbox.Folders),
            Since = mailbox.Since,
            ClosingArchives = mailbox.ClosingArchives,
            Shadow = mailbox.IsShadow,
            PollSeconds = (int)mailbox.PollInterval.TotalSeconds,
            Spam = SpamWishes.Of(mailbox.Spam).ToJson(),
        },
    };

    private static ServerInput ToInput(ServerSettings server) => new()
    {
        Host = server.Host,
        Port = server.Port,
        Security = server.Security,
        User = server.User,
        TrustedCertificate = server.TrustedCertificate,
    };
}
