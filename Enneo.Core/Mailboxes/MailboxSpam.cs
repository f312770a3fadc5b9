namespace Enneo.Core.Mailboxes;

/// <summary>Whose findings of spam move mail into the junk folder of the server, and what is found clean back to its INBOX.</summary>
public enum JunkMoves
{
    /// <summary>What people say.</summary>
    ByPeople,

    /// <summary>What the stages find as well.</summary>
    ByAll,

    /// <summary>Nobody's: it is hidden here, and stays where it lies there.</summary>
    ByNobody,
}

/// <summary>How long admins are told daily by mail what was hidden. Stored as its number: what was "no" once is the first, "yes" the second.</summary>
public enum SpamDigest
{
    /// <summary>In the first 14 days of the mailbox.</summary>
    FirstDays,

    Always,
    Never,
}

/// <summary>How a mailbox looks for spam.</summary>
public sealed class MailboxSpam
{
    /// <summary>What other filters and platforms wrote into the header; all or each rule can be switched off.</summary>
    public bool Headers { get; set; } = true;

    public bool SpamAssassinRule { get; set; } = true;
    public bool ExchangeRule { get; set; } = true;
    public bool BulkRule { get; set; } = true;

    /// <summary>What <see cref="BulkRule"/> finds gets the tags for spam and stays where people see it.</summary>
    public bool BulkTagsOnly { get; set; }

    public bool DmarcRule { get; set; } = true;

    /// <summary>The model that reads the mail.</summary>
    public bool Model { get; set; } = true;

    public JunkMoves JunkMoves { get; set; }

    /// <summary>
    /// Whoever moves mail into or out of junk in another mail program is a person. Not so where a server moves it by itself,
    /// as that of Microsoft 365 does: there it begins as false.
    /// </summary>
    public bool JunkMovesCount { get; set; } = true;

    public SpamDigest Digest { get; set; }

    /// <summary>How the receiving server names itself in Authentication-Results; null where the topmost results are taken.</summary>
    public string? AuthenticationServer { get; set; }
}
