namespace Enneo.Core.Integrations.Hooks;

/// <summary>A call as it came.</summary>
/// <param name="Header">The value of a header by its name, in any case; null where it has none.</param>
/// <param name="Address">From where, as an IP address.</param>
public sealed record HookRequest(Func<string, string?> Header, ReadOnlyMemory<byte> Body, string? Address);

/// <summary>How a call is answered.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="CallId">Its place in the hook's log; null where there is none.</param>
/// <param name="Errors">By field; under an empty name what is wrong with the whole.</param>
public sealed record HookAnswer(int Status, HookOutcome Outcome, long? CallId, long? TicketId, long? MessageId, IReadOnlyDictionary<string, string[]> Errors)
{
    private static readonly Dictionary<string, string[]> s_none = [];

    /// <summary>In words; null where nothing is wrong.</summary>
    public string? Problem => Errors.Count == 0 ? null : string.Join(' ', Errors.Select(error => error.Key.Length == 0 ? error.Value[0] : $"{error.Key}: {error.Value[0]}"));

    internal static HookAnswer Done(HookOutcome outcome, long? ticketId = null, long? messageId = null) => new(200, outcome, null, ticketId, messageId, s_none);

    public static HookAnswer Refused(int status, string words) => Refused(status, new Dictionary<string, string[]> { [""] = [words] });

    internal static HookAnswer Refused(int status, IReadOnlyDictionary<string, string[]> errors) => new(status, HookOutcome.Refused, null, null, null, errors);
}
