using System.ComponentModel;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Templates;
using Enneo.Web.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Templates;

/// <summary><c>/template</c>: which texts there are for answers, and by which ids they are sent.</summary>
internal static class TemplateEndpoints
{
    public static void MapTemplates(this IEndpointRouteBuilder api)
    {
        var templates = api.MapGroup("/template").WithTags("Templates");
        templates.MapGet("/", ListAsync).Needs(ApiScopes.Read).WithSummary("All templates, or those of a mailbox, by name");
        templates.MapGet("/{id:long}", GetAsync).Needs(ApiScopes.Read).WithSummary("One template");
    }

    private static async Task<Ok<TemplateListAnswer>> ListAsync(
        [Description("only those that are offered in this mailbox")] long? subchannelId, Caller caller, TemplateQueries queries, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        var listed = subchannelId is { } mailbox ? await queries.OfMailboxAsync(reach, mailbox, cancellationToken) : await queries.ListAsync(reach, cancellationToken);
        return TypedResults.Ok(new TemplateListAnswer(true, [.. listed.Select(template => TemplateResponse.From(template, reach))]));
    }

    private static async Task<Results<Ok<TemplateAnswer>, ProblemHttpResult>> GetAsync(long id, Caller caller, TemplateQueries queries, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        return (await queries.ListAsync(reach, cancellationToken)).FirstOrDefault(template => template.Id == id) is { } found
            ? TypedResults.Ok(new TemplateAnswer(true, TemplateResponse.From(found, reach)))
            : ApiProblem.NotFound();
    }
}

/// <param name="Text">Plain text or HTML.</param>
/// <param name="Subchannels">Where it is offered; none for all mailboxes.</param>
/// <param name="Placeholders">What stands in it in double braces: templateData says by what it is replaced. customer, agent, ticket, subject and mailbox are known by themselves.</param>
internal sealed record TemplateResponse(long Id, string Name, string Text, IReadOnlyList<long> Subchannels, IReadOnlyList<string> Placeholders)
{
    public static TemplateResponse From(AnswerTemplate template, Reach reach) =>
        new(template.Id, template.Name, template.Text, [.. template.MailboxIds.Where(reach.Covers)], Core.Templates.Placeholders.In(template.Text));
}

internal sealed record TemplateListAnswer(bool Success, IReadOnlyList<TemplateResponse> Templates);

internal sealed record TemplateAnswer(bool Success, TemplateResponse Template);
