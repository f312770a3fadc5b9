using Enneo.Core.Connections;
using Enneo.Core.OAuth;

namespace Enneo.Core.Sending;

internal enum HandoverEnd
{
    /// <summary>The server answered, for each recipient.</summary>
    Answered,

    /// <summary>It cannot have taken the mail: later again.</summary>
    NotTaken,

    /// <summary>Enneo is being stopped and the server cannot have taken the mail.</summary>
    Interrupted,

    /// <summary>It cannot be sent through this server as it is.</summary>
    Impossible,

    /// <summary>Only a person can help: the server wants another sign-in.</summary>
    SignInAgain,

    /// <summary>The mail left in full and no answer came (RFC 5321, section 4.5.3.2.6).</summary>
    Unknown,

    /// <summary>A person took it back before its content left.</summary>
    TakenBack,
}

/// <summary>How handing a mail to a server ended.</summary>
/// <param name="Answers">By address; only with <see cref="HandoverEnd.Answered"/>.</param>
/// <param name="Words">For people, when there are no answers.</param>
internal sealed record HandoverResult(HandoverEnd End, IReadOnlyDictionary<string, SmtpAnswer> Answers, string? Words = null)
{
    private static readonly Dictionary<string, SmtpAnswer> s_none = [];

    /// <summary>Message-IDs under which the server says that it sends the mail on, besides ours.</summary>
    public IReadOnlyList<string> GivenIds { get; init; } = [];

    /// <summary>Nothing is to be tried before; only with <see cref="HandoverEnd.NotTaken"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same, with who can help behind each refusal whose code Microsoft 365 is known for.</summary>
    public HandoverResult AtMicrosoft() => this with { Answers = Answers.ToDictionary(answer => answer.Key, answer => Explained(answer.Value)) };

    private static SmtpAnswer Explained(SmtpAnswer answer) =>
        !answer.Accepted && Causes.InAnswer(answer.Words) is { } cause ? answer with { Words = $"{answer.Words} ({cause.Sentence})" } : answer;

    public static HandoverResult Without(HandoverEnd end, string? words = null) => new(end, s_none, words);
}
