namespace Enneo.Core.Integrations.Webhooks;

/// <summary>What webhooks tell, by the names that receivers read.</summary>
public enum WebhookEvent
{
    /// <summary>There is a new ticket; told once its mail was analysed, or after a few seconds.</summary>
    TicketCreated,
    TicketUpdated,

    /// <summary>Somebody wrote again in a ticket; told once that mail was analysed, or after a few seconds.</summary>
    TicketResponse,

    /// <summary>One of us answered or noted something.</summary>
    ConversationCreated,

    /// <summary>A mail has left.</summary>
    MessageSent,

    /// <summary>A mail came back, or was refused for good.</summary>
    MessageBounced,
    TicketForwarded,
    TicketClosed,

    /// <summary><c>changes.ticket</c> holds the ticket that went and this one.</summary>
    TicketMerged,

    /// <summary><c>changes.ticket</c> holds this ticket and the new one.</summary>
    TicketSplit,

    /// <summary>Mail of it lies in another folder.</summary>
    TicketMoved,

    /// <summary>It lies in the trash, or is gone.</summary>
    TicketDeleted,
    MessageDeleted,
    SpamStatusChanged,
    MailboxStateChanged,

    /// <summary>History came in; none of its tickets is told by itself.</summary>
    MailboxImported,
}
