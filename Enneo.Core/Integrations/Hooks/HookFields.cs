namespace Enneo.Core.Integrations.Hooks;

/// <summary>What a call can say, by the names that the API has for it.</summary>
public static class HookFields
{
    /// <summary>Our own number of a ticket.</summary>
    public const string Ticket = "ticketId";

    public const string ExternalTicket = "externalTicketId";
    public const string From = "from";
    public const string FromName = "fromName";
    public const string Subject = "subject";
    public const string Body = "body";
    public const string CreatedAt = "createdAt";
    public const string InternetMessageId = "internetMessageId";
    public const string ExternalConversation = "externalConversationId";
    public const string Status = "status";
    public const string Priority = "priority";
    public const string DueBy = "dueBy";
    public const string Contract = "contractId";

    /// <summary>Names of tags: a text, or a list of them.</summary>
    public const string Tags = "tags";

    private static readonly string[] s_which = [Ticket, ExternalTicket];
    private static readonly string[] s_mail = [From, FromName, Subject, Body, CreatedAt, InternetMessageId, ExternalConversation];
    private static readonly string[] s_state = [Status, Priority, DueBy, Contract];

    /// <returns>Those that an action reads, in the order in which they are shown.</returns>
    public static IReadOnlyList<string> Of(HookAction action) => action switch
    {
        HookAction.Upsert => [ExternalTicket, .. s_mail, .. s_state, Tags],
        HookAction.Update => [.. s_which, Subject, .. s_state, Tags],
        HookAction.Store => [.. s_which, .. s_mail, Tags],
        HookAction.Tag => [.. s_which, Tags],
        HookAction.Read => [ExternalTicket],
        _ => s_which,
    };
}
