namespace Enneo.Core.Spam.Headers;

/// <summary>What another filter or the sender's platform wrote into a mail's header; each rule can be switched.</summary>
public enum HeaderRule
{
    /// <summary>SpamAssassin says that it is spam.</summary>
    SpamAssassin,

    /// <summary>Exchange says so.</summary>
    Exchange,

    /// <summary>It was sent through a platform for mass mail.</summary>
    Bulk,

    /// <summary>Its sender's domain does not vouch for it.</summary>
    Dmarc,
}

/// <summary>That a rule holds, and by which field.</summary>
/// <param name="Evidence">The part of the field that says it.</param>
public sealed record HeaderFinding(HeaderRule Rule, string Field, string Evidence);
