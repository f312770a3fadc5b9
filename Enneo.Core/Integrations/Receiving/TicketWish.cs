using Enneo.Core.Integrations.Patching;
using Enneo.Core.Processing;
using Enneo.Core.Sending;

namespace Enneo.Core.Integrations.Receiving;

/// <summary>A ticket that another system wants: a mail that came in, or one to be sent.</summary>
public sealed record TicketWish(long MailboxId, IReadOnlyList<WantedFile> Files)
{
    public string? ExternalTicketId { get; init; }
    public string? ExternalMessageId { get; init; }
    public ProcessingPace Pace { get; init; }

    /// <summary>Made once its files are there; null for a mail to be sent.</summary>
    public Func<IReadOnlyList<ProgramFile>, NewMail>? Incoming { get; init; }

    public Func<IReadOnlyList<ProgramFile>, ProgramMail>? Outgoing { get; init; }

    /// <summary>JSON that is kept beside a mail to be sent; one that came in brings its own.</summary>
    public string? RawData { get; init; }

    /// <summary>What else is said of the ticket, by its id and whether it is new.</summary>
    public required Func<long, bool, TicketPatch> Patch { get; init; }
}

/// <summary>How it ended.</summary>
/// <param name="Errors">By field; empty on success.</param>
public sealed record CreatedTicket(long? TicketId, long? MessageId, long? DraftId, bool IsNew, DeliveryState? Delivery, IReadOnlyDictionary<string, string[]> Errors)
{
    private static readonly Dictionary<string, string[]> s_none = [];

    /// <summary>The request contradicts itself, whatever there is here.</summary>
    public bool IsMalformed { get; private init; }

    /// <summary>The ticket was here by its ids, and no mail was taken in or sent.</summary>
    public bool IsChangedOnly => TicketId is not null && MessageId is null;

    internal static CreatedTicket Changed(long ticketId) => new(ticketId, null, null, false, null, s_none);

    internal static CreatedTicket Of(TakenIn taken) => new(taken.TicketId, taken.MessageId, null, taken.IsNew, null, s_none);

    internal static CreatedTicket Of(OutgoingStatus sent) => new(sent.TicketId, sent.MessageId, null, true, sent.State, s_none);

    internal static CreatedTicket Draft(long draftId) => new(null, null, draftId, true, null, s_none);

    internal static CreatedTicket Refused(string field, string problem) => Refused(new Dictionary<string, string[]> { [field] = [problem] });

    internal static CreatedTicket Malformed(string field, string problem) => Refused(field, problem) with { IsMalformed = true };

    internal static CreatedTicket Refused(IReadOnlyDictionary<string, string[]> errors) => new(null, null, null, false, null, errors);
}
