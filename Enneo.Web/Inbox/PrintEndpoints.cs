using System.Net.Mime;
using System.Text;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Inbox;

/// <summary>Mails for paper: one, or a whole conversation. As safe as in their frames, and as little is loaded.</summary>
internal static class PrintEndpoints
{
    private const int MaxMessages = 200;

    /// <summary>allow-modals lets the page that opened it show the browser's print dialog; it has no scripts of its own.</summary>
    private const string Policy =
        "sandbox allow-same-origin allow-modals allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        + "img-src data: 'self'; form-action 'none'; frame-ancestors 'self'";

    public static void MapPrint(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/message/{id:long}/print", PrintMessageAsync).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/ticket/{id:long}/print", PrintConversationAsync).RequireAuthorization().ExcludeFromDescription();
    }

    private static async Task<Results<ContentHttpResult, NotFound>> PrintMessageAsync(
        HttpContext context, long id, string? zone, TicketQueries queries, MessageReader reader, Reaches reaches, MailHtml mailHtml, TimeProvider clock, CancellationToken cancellationToken)
    {
        var reach = await CurrentReach.OfAsync(context.User, reaches, cancellationToken);
        if (await queries.FindTicketIdAsync(reach, id, cancellationToken) is not { } ticketId || await queries.FindThreadAsync(reach, ticketId, cancellationToken) is not { } thread)
        {
            return TypedResults.NotFound();
        }

        PrintDocument page = new(thread.Ticket.Subject, TimeIn(zone, clock));
        await AddAsync(page, thread.Messages.Single(message => message.Id == id), foldsQuotes: false, reader, reach, mailHtml, cancellationToken);
        return Answer(context, page);
    }

    private static async Task<Results<ContentHttpResult, NotFound>> PrintConversationAsync(
        HttpContext context, long id, string? zone, TicketQueries queries, MessageReader reader, Reaches reaches, MailHtml mailHtml, TimeProvider clock, CancellationToken cancellationToken)
    {
        var reach = await CurrentReach.OfAsync(context.User, reaches, cancellationToken);
        if (await queries.FindThreadAsync(reach, id, cancellationToken) is not { } thread)
        {
            return TypedResults.NotFound();
        }

        PrintDocument page = new(thread.Ticket.Subject, TimeIn(zone, clock));
        foreach (var message in thread.Messages.Where(message => !message.IsNote).TakeLast(MaxMessages))
        {
            await AddAsync(page, message, foldsQuotes: true, reader, reach, mailHtml, cancellationToken);
        }

        return Answer(context, page);
    }

    /// <param name="foldsQuotes">What is quoted stands on the same paper already.</param>
    private static async Task AddAsync(
        PrintDocument page, ThreadMessage message, bool foldsQuotes, MessageReader reader, Reach reach, MailHtml mailHtml, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(reach, message.Id, cancellationToken) is not { } content)
        {
            return; // an answer that is still being composed
        }

        var body = content switch
        {
            { Unreadable: { } reason } => mailHtml.FromText(reason),
            { Html: { } html } => mailHtml.Sanitize(html, new MailView(MessageEndpoints.Pictures(content)) { FoldsQuotes = foldsQuotes, IsForward = content.IsForward }).Html,
            _ when foldsQuotes => mailHtml.FoldedFromText(content.Text, content.IsForward),
            _ => mailHtml.FromText(content.Text),
        };
        page.Add(message, [.. content.Parts.Where(part => !part.IsInline)], body);
    }

    private static ContentHttpResult Answer(HttpContext context, PrintDocument page)
    {
        MessageEndpoints.Guard(context.Response, Policy);
        return TypedResults.Content(page.ToString(), MediaTypeNames.Text.Html, Encoding.UTF8);
    }

    private static BrowserTime TimeIn(string? zone, TimeProvider clock)
    {
        BrowserTime time = new(clock);
        time.UseZone(zone);
        return time;
    }
}
