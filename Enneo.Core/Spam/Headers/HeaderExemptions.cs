namespace Enneo.Core.Spam.Headers;

/// <summary>Whom and what the rules leave alone, and whose word they take.</summary>
public sealed record HeaderExemptions
{
    /// <summary>The last part of a Feedback-ID that providers put on mail written by hand.</summary>
    public static IReadOnlyList<string> UsualFeedbackIds { get; } = ["proton", "fastmail", "AmazonSES"];

    public IReadOnlyList<string> FeedbackIds { get; init; } = UsualFeedbackIds;

    /// <summary>Addresses to which somebody here has written, whose mail somebody called clean, or that are trusted, in lower case: never bulk.</summary>
    public IReadOnlySet<string> KnownSenders { get; init; } = new HashSet<string>();

    /// <summary>Our own, in lower case: where they are authenticated, as of a contact form, they are never bulk.</summary>
    public IReadOnlySet<string> OwnDomains { get; init; } = new HashSet<string>();

    /// <summary>How the receiving server names itself in its results; null where the topmost ones are taken.</summary>
    public string? AuthenticationServer { get; init; }

    public IReadOnlyCollection<DmarcPin> Pins { get; init; } = [];
}

/// <summary>Mail of a domain that comes over a mailing list or a forwarder, which breaks DMARC.</summary>
/// <param name="FromDomain">In lower case.</param>
/// <param name="Via">The domain of the forwarder or of who sealed the mail, in lower case.</param>
public sealed record DmarcPin(string FromDomain, string Via);
