using System.Diagnostics.CodeAnalysis;

namespace Enneo.Tests.Servers;

/// <summary>The moments of an SMTP conversation at which a server may answer otherwise.</summary>
public enum SmtpStage
{
    Connect,
    Hello,
    Authentication,
    Sender,
    Recipient,
    Data,

    /// <summary>The mail is there and its end was seen: the answer decides whether it counts as accepted.</summary>
    Dot,
}

/// <summary>What an <see cref="SmtpSink"/> does after the final dot.</summary>
public enum AfterDot
{
    Answer,

    /// <summary>Takes the mail, then hangs up without a word: the sender cannot know.</summary>
    AcceptAndHangUp,

    /// <summary>Hangs up without having taken the mail: the sender cannot know either.</summary>
    HangUp,

    /// <summary>Answers 250 and resets the connection.</summary>
    AnswerAndReset,
}

/// <summary>How an <see cref="SmtpSink"/> shall misbehave; may be changed while it runs.</summary>
public sealed class SmtpFaults
{
    private readonly Lock _lock = new();
    private readonly List<Rule> _rules = [];
    private AfterDot _afterDot;
    private int _dots = int.MaxValue;

    /// <summary>Waited before the answer to the dot, the mail being taken.</summary>
    public TimeSpan DotDelay { get; set; }

    /// <summary>Runs when the mail is taken and before the answer; the place to kill a program at the worst moment.</summary>
    public Func<ReceivedMail, Task>? BeforeAnswer { get; set; }

    /// <summary>Answers with <paramref name="answer"/> such as <c>451 4.3.0 try later</c> instead; 421 also hangs up.</summary>
    /// <param name="recipient">For this address only.</param>
    public void Answer(SmtpStage stage, string answer, string? recipient = null, int times = int.MaxValue)
    {
        lock (_lock)
        {
            _rules.Add(new Rule(stage, answer, recipient) { Left = times });
        }
    }

    public void AtDot(AfterDot behaviour, int times = int.MaxValue)
    {
        lock (_lock)
        {
            (_afterDot, _dots) = (behaviour, times);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _rules.Clear();
            _afterDot = AfterDot.Answer;
        }

        DotDelay = TimeSpan.Zero;
        BeforeAnswer = null;
    }

    internal bool Takes(SmtpStage stage, string? recipient, [NotNullWhen(true)] out string? answer)
    {
        lock (_lock)
        {
            var rule = _rules.Find(r => r.Stage == stage && r.Left > 0
                && (r.Recipient is null || string.Equals(r.Recipient, recipient, StringComparison.OrdinalIgnoreCase)));
            if (rule is not null)
            {
                rule.Left--;
            }

            answer = rule?.Answer;
            return rule is not null;
        }
    }

    internal AfterDot TakeAfterDot()
    {
        lock (_lock)
        {
            return _dots-- > 0 ? _afterDot : AfterDot.Answer;
        }
    }

    private sealed record Rule(SmtpStage Stage, string Answer, string? Recipient)
    {
        public int Left { get; set; }
    }
}
