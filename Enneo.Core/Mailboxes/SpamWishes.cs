using System.Text.Json;
using System.Text.Json.Serialization;

namespace Enneo.Core.Mailboxes;

/// <summary>The spam settings of a mailbox as people and programs write them. What is left out stays as it is.</summary>
public sealed record SpamWishes
{
    /// <summary>Whether the header of a mail is looked at: see <see cref="Rules"/>.</summary>
    public bool? Headers { get; init; }

    /// <summary>Whether the model reads the mail.</summary>
    public bool? Ai { get; init; }

    /// <summary>True moves what anybody or anything calls spam into the server's junk folder, and false nothing; left out, what people call so.</summary>
    public bool? MoveToJunk { get; init; }

    /// <summary>The same in all its kinds; it counts before <see cref="MoveToJunk"/>.</summary>
    public JunkMoves? JunkMoves { get; init; }

    /// <summary>Whether moving mail into or out of junk in another mail program is a person's word.</summary>
    public bool? JunkMovesCount { get; init; }

    /// <summary>Whether admins are told daily by mail what was hidden, longer than in the mailbox's first 14 days.</summary>
    public bool? Digest { get; init; }

    /// <summary>The same in all its kinds, never among them; it counts before <see cref="Digest"/>.</summary>
    public SpamDigest? Digests { get; init; }

    /// <summary>How the receiving server names itself in Authentication-Results; empty for the topmost results.</summary>
    public string? AuthenticationServer { get; init; }

    public SpamRuleWishes? Rules { get; init; }

    /// <summary>What the file says and nobody reads.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }

    /// <returns>Null if it is no such object.</returns>
    public static SpamWishes? Parse(JsonElement given)
    {
        try
        {
            return given.ValueKind is JsonValueKind.Object ? given.Deserialize<SpamWishes>(MailboxJson.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static SpamWishes Of(MailboxSpam spam) => new()
    {
        Headers = spam.Headers,
        Ai = spam.Model,
        MoveToJunk = spam.JunkMoves switch { Mailboxes.JunkMoves.ByAll => true, Mailboxes.JunkMoves.ByNobody => false, _ => null },
        JunkMoves = spam.JunkMoves,
        JunkMovesCount = spam.JunkMovesCount,
        Digest = spam.Digest is SpamDigest.Always,
        Digests = spam.Digest,
        AuthenticationServer = spam.AuthenticationServer,
        Rules = new SpamRuleWishes
        {
            SpamAssassin = spam.SpamAssassinRule,
            Exchange = spam.ExchangeRule,
            Bulk = spam.BulkRule,
            BulkTagsOnly = spam.BulkTagsOnly,
            Dmarc = spam.DmarcRule,
        },
    };

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, MailboxJson.Options);

    internal void ApplyTo(MailboxSpam spam)
    {
        spam.Headers = Headers ?? spam.Headers;
        spam.Model = Ai ?? spam.Model;
        spam.JunkMoves = JunkMoves ?? MoveToJunk switch { true => Mailboxes.JunkMoves.ByAll, false => Mailboxes.JunkMoves.ByNobody, null => spam.JunkMoves };
        spam.JunkMovesCount = JunkMovesCount ?? spam.JunkMovesCount;
        spam.Digest = Digests ?? Digest switch { true => SpamDigest.Always, false when spam.Digest is SpamDigest.Always => SpamDigest.FirstDays, _ => spam.Digest };
        spam.AuthenticationServer = AuthenticationServer is { } server ? (server.Length > 0 ? server : null) : spam.AuthenticationServer;
        spam.SpamAssassinRule = Rules?.SpamAssassin ?? spam.SpamAssassinRule;
        spam.ExchangeRule = Rules?.Exchange ?? spam.ExchangeRule;
        spam.BulkRule = Rules?.Bulk ?? spam.BulkRule;
        spam.BulkTagsOnly = Rules?.BulkTagsOnly ?? spam.BulkTagsOnly;
        spam.DmarcRule = Rules?.Dmarc ?? spam.DmarcRule;
    }
}

/// <summary>Which rules look at the header.</summary>
public sealed record SpamRuleWishes
{
    public bool? SpamAssassin { get; init; }
    public bool? Exchange { get; init; }
    public bool? Bulk { get; init; }

    /// <summary>What the rule about mass mail finds gets the tags for spam and is not hidden.</summary>
    public bool? BulkTagsOnly { get; init; }

    public bool? Dmarc { get; init; }
}
