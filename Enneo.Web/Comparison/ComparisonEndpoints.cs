using System.Globalization;
using System.Text;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Comparison;
using Enneo.Web.Activity;
using Enneo.Web.Api;
using Enneo.Web.Identity;
using Enneo.Web.Shell;
using Enneo.Web.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Enneo.Web.Comparison;

/// <summary>Programs tell what another helpdesk has of a mailbox; admins take what came of it as a file.</summary>
internal static class ComparisonEndpoints
{
    public static void MapHelpdeskLists(this IEndpointRouteBuilder api) => api.MapGroup("/settings/subchannel").WithTags("Subchannels")
        .MapPost("/{id:long}/helpdesk", ListAsync).Needs(ApiScopes.Admin).WithMetadata(new RequestSizeLimitAttribute(MailEndpoints.MaxBody))
        .WithSummary("Tell which mails of this mailbox another helpdesk has, for the lost-mail audit");

    public static void MapLostMailFile(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Urls.LostMailFile, WriteAsync).RequireAuthorization(policy => policy.RequireRole(Roles.Admin));

    private static async Task<Results<Ok<HelpdeskListAnswer>, ProblemHttpResult>> ListAsync(
        long id, Body<HelpdeskListRequest> body, Caller caller, HelpdeskListing listing, CancellationToken cancellationToken)
    {
        var listed = await listing.RunAsync(id, body.Value.Name ?? "", body.Value.ToRows(), body.Value.Replace, caller.Actor, Caller.Origin, cancellationToken);
        return listed.Errors.Count > 0 ? ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, listed.Errors)
            : listed.Count is { } count ? TypedResults.Ok(new HelpdeskListAnswer(true, count))
            : ApiProblem.NotFound();
    }

    private static async Task<IResult> WriteAsync(long mailbox, LostMailAudit audit, HttpContext context, CancellationToken cancellationToken)
    {
        if (await audit.RunAsync(mailbox, LostMailAudit.Tolerance, SessionClaims.ActorOf(context.User), cancellationToken) is not { } report)
        {
            return TypedResults.NotFound();
        }

        StringBuilder file = new();
        file.Append(CsvRow.Of("finding", "messageId", "received", "from", "subject", "ticket", "helpdeskTickets", "detail"));
        foreach (var finding in report.Result.Findings)
        {
            file.Append(CsvRow.Of(
                finding.Kind.ToString(), finding.InternetMessageId, finding.Own?.ReceivedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture), finding.Own?.From, finding.Own?.Subject,
                finding.Own?.TicketId.ToString(CultureInfo.InvariantCulture), ComparisonWords.Tickets(finding), ComparisonWords.Detail(finding)));
        }

        UTF8Encoding encoding = new(encoderShouldEmitUTF8Identifier: true); // by which spreadsheets know it
        return TypedResults.File([.. encoding.GetPreamble(), .. encoding.GetBytes(file.ToString())], "text/csv; charset=utf-8", "enneo-lost-mail.csv");
    }
}
