using System.Globalization;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Web.Api;
using Enneo.Web.Commands;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Mailboxes.Subchannels;

/// <summary><c>/settings/subchannel</c>: the mailboxes. Secrets are written and never read; servers are shown to those who may set them up.</summary>
internal static class SubchannelEndpoints
{
    public static void MapSubchannels(this IEndpointRouteBuilder api)
    {
        var mailboxes = api.MapGroup("/settings/subchannel").WithTags("Subchannels");
        mailboxes.MapGet("/", ListAsync).Needs(ApiScopes.Read).WithSummary("All mailboxes and how they are doing");
        mailboxes.MapGet("/{id:long}", GetAsync).Needs(ApiScopes.Read).WithSummary("One mailbox");
        mailboxes.MapPost("/", AddAsync).Needs(ApiScopes.Admin).WithSummary("Connect a mailbox");
        mailboxes.MapPut("/{id:long}", UpdateAsync).Needs(ApiScopes.Admin).WithSummary("Change a mailbox; a password that is left out stays");
        mailboxes.MapDelete("/{id:long}", RemoveAsync).Needs(ApiScopes.Admin).WithSummary("Take a mailbox out of use; its tickets stay readable, or are erased");
        mailboxes.MapPost("/{id:long}/test", TestAsync).Needs(ApiScopes.Admin).WithSummary("Test Email Receipt: imports nothing, changes nothing");
    }

    private static async Task<Ok<SubchannelListAnswer>> ListAsync(Caller caller, MailboxReports reports, CancellationToken cancellationToken) =>
        TypedResults.Ok(new SubchannelListAnswer(true, await ReadAsync(caller, reports, cancellationToken)));

    private static async Task<Results<Ok<SubchannelAnswer>, ProblemHttpResult>> GetAsync(long id, Caller caller, MailboxReports reports, CancellationToken cancellationToken) =>
        await FindAsync(id, caller, reports, cancellationToken) is { } mailbox ? TypedResults.Ok(new SubchannelAnswer(true, mailbox, [])) : ApiProblem.NotFound();

    private static async Task<Results<Created<SubchannelAnswer>, ProblemHttpResult>> AddAsync(
        SubchannelBody body, Caller caller, MailboxEditing editing, MailboxReports reports, CancellationToken cancellationToken)
    {
        if (caller.IsLimited)
        {
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "", ApiText.KeyLimited);
        }

        var added = await editing.AddAsync(body.Value, caller.Actor, Caller.Origin, cancellationToken);
        return added.MailboxId is { } id && await FindAsync(id, caller, reports, cancellationToken) is { } mailbox
            ? TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"{Urls.ApiBase}/settings/subchannel/{id}"), new SubchannelAnswer(true, mailbox, added.Notes))
            : ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, added.Errors);
    }

    private static async Task<Results<Ok<SubchannelAnswer>, ProblemHttpResult>> UpdateAsync(
        long id, SubchannelBody body, Caller caller, MailboxEditing editing, MailboxReports reports, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, caller, reports, cancellationToken) is null)
        {
            return ApiProblem.NotFound();
        }

        var changed = await editing.UpdateAsync(id, body.Value, caller.Actor, Caller.Origin, cancellationToken);
        return changed.Succeeded && await FindAsync(id, caller, reports, cancellationToken) is { } mailbox
            ? TypedResults.Ok(new SubchannelAnswer(true, mailbox, changed.Notes))
            : ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, changed.Errors);
    }

    private static async Task<Results<Ok<DoneAnswer>, ProblemHttpResult>> RemoveAsync(
        long id, bool? erase, Caller caller, MailboxRemoval removal, CancellationToken cancellationToken) =>
        (await caller.ReachAsync(cancellationToken)).Covers(id) && await removal.RemoveAsync(id, erase is true, caller.Actor, Caller.Origin, cancellationToken)
            ? TypedResults.Ok(new DoneAnswer(true))
            : ApiProblem.NotFound();

    private static async Task<Results<Ok<SubchannelTestAnswer>, ProblemHttpResult>> TestAsync(
        long id, Caller caller, MailboxEditing editing, ConnectionTest test, CancellationToken cancellationToken)
    {
        if (!(await caller.ReachAsync(cancellationToken)).Covers(id) || await editing.FindAsync(id, cancellationToken) is not { } stored)
        {
            return ApiProblem.NotFound();
        }

        List<TestStepResponse> steps = [];
        await foreach (var step in test.RunAsync(stored, id, cancellationToken))
        {
            steps.Add(new(step.Text, step.State is StepState.Done, (long)(step.Took?.TotalMilliseconds ?? 0), step.ServerText));
        }

        return TypedResults.Ok(new SubchannelTestAnswer(steps.TrueForAll(step => step.Succeeded), steps));
    }

    private static async Task<IReadOnlyList<MailboxStatusResponse>> ReadAsync(Caller caller, MailboxReports reports, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        var seen = (await reports.ListAsync(cancellationToken)).Where(report => reach.Covers(report.Mailbox.Id)).Select(MailboxStatusResponse.From);
        return [.. caller.May(ApiScopes.Admin) ? seen : seen.Select(mailbox => mailbox.WithoutServers())];
    }

    private static async Task<MailboxStatusResponse?> FindAsync(long id, Caller caller, MailboxReports reports, CancellationToken cancellationToken) =>
        (await ReadAsync(caller, reports, cancellationToken)).FirstOrDefault(mailbox => mailbox.Id == id);
}
