using System.Globalization;
using Enneo.Core.Messages;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Messages of one ticket that cannot cross, as one exchange finds them: each is tried once, and all else of the ticket goes on.</summary>
internal sealed class StuckMessages
{
    /// <summary>By what the side that has it calls it.</summary>
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>All of them, in words; null for none.</summary>
    public string? Problem => _problems.Count == 0 ? null : string.Join(' ', _problems.Values);

    public bool Contains(string name) => _problems.ContainsKey(name);

    /// <summary>It came or went, but not all of it.</summary>
    public void AddPart(string name, string problem) => _problems[name] = problem;

    /// <summary>One of theirs did not come.</summary>
    public void AddTheirs(OtherMessage message, string why) =>
        _problems[message.Id] = string.Format(CultureInfo.CurrentCulture, ConnectedText.NotTaken, message.From.Address, DateOf(message.At), why);

    /// <summary>One of ours is not known there.</summary>
    public void AddOurs(string name, Message message, string why) =>
        _problems[name] = string.Format(CultureInfo.CurrentCulture, ConnectedText.NotGiven, message.FromAddress, DateOf(message.ReceivedAt), why);

    private static string DateOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
