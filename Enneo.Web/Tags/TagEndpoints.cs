using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Tags;
using Enneo.Web.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Tags;

/// <summary><c>/tag</c>: which tags there are, and what they are like.</summary>
internal static class TagEndpoints
{
    public static void MapTags(this IEndpointRouteBuilder api)
    {
        var tags = api.MapGroup("/tag").WithTags("Tags");
        tags.MapGet("/", ListAsync).Needs(ApiScopes.Read).WithSummary("All tags, in the order of their tree");
        tags.MapGet("/tree", GetTreeAsync).Needs(ApiScopes.Read).WithSummary("The tree of tags");
        tags.MapGet("/{id:long}", GetAsync).Needs(ApiScopes.Read).WithSummary("One tag");
        tags.MapPost("/", AddAsync).Needs(ApiScopes.Admin).WithSummary("Add a tag");
        tags.MapPut("/{id:long}", UpdateAsync).Needs(ApiScopes.Admin).WithSummary("Change a tag; what is left out is empty afterwards");
        tags.MapDelete("/{id:long}", DeleteAsync).Needs(ApiScopes.Admin).WithSummary("Delete a tag; tickets lose it");
    }

    private static async Task<Ok<TagListAnswer>> ListAsync(TagQueries queries, CancellationToken cancellationToken)
    {
        var details = (await queries.DetailsAsync(cancellationToken)).ToDictionary(tag => tag.Id);
        var listed = await queries.ListAsync(cancellationToken);
        return TypedResults.Ok(new TagListAnswer(true, [.. listed.Where(tag => details.ContainsKey(tag.Id)).Select(tag => TagResponse.From(details[tag.Id], tag.FullName))]));
    }

    private static async Task<Ok<TagTreeAnswer>> GetTreeAsync(TagQueries queries, CancellationToken cancellationToken)
    {
        var children = (await queries.ListAsync(cancellationToken)).ToLookup(tag => tag.ParentId);
        return TypedResults.Ok(new TagTreeAnswer(true, Under(null)));

        IReadOnlyList<TagNode> Under(long? parent) => [.. children[parent].Select(tag => new TagNode(tag.Id, tag.Name, tag.FullName, tag.Colour, tag.Visibility, Under(tag.Id)))];
    }

    private static async Task<Results<Ok<TagAnswer>, ProblemHttpResult>> GetAsync(long id, TagQueries queries, CancellationToken cancellationToken) =>
        await FindAsync(id, queries, cancellationToken) is { } tag ? TypedResults.Ok(new TagAnswer(true, tag)) : ApiProblem.NotFound();

    private static async Task<Results<Created<TagAnswer>, ProblemHttpResult>> AddAsync(
        Body<TagRequest> body, Caller caller, TagEditing editing, TagQueries queries, CancellationToken cancellationToken)
    {
        if (caller.IsLimited)
        {
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "", ApiText.KeyLimited);
        }

        var added = await editing.AddAsync(body.Value.ToInput(), caller.Actor, Caller.Origin, cancellationToken);
        return added.TagId is { } id && await FindAsync(id, queries, cancellationToken) is { } tag
            ? TypedResults.Created(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Shell.Urls.ApiBase}/tag/{id}"), new TagAnswer(true, tag))
            : Refused(added);
    }

    private static async Task<Results<Ok<TagAnswer>, ProblemHttpResult>> UpdateAsync(
        long id, Body<TagRequest> body, Caller caller, TagEditing editing, TagQueries queries, CancellationToken cancellationToken)
    {
        if (caller.IsLimited)
        {
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "", ApiText.KeyLimited);
        }

        if (await queries.FindAsync(id, cancellationToken) is null)
        {
            return ApiProblem.NotFound();
        }

        var changed = await editing.UpdateAsync(id, body.Value.ToInput(), caller.Actor, Caller.Origin, cancellationToken);
        return changed.Succeeded && await FindAsync(id, queries, cancellationToken) is { } tag ? TypedResults.Ok(new TagAnswer(true, tag)) : Refused(changed);
    }

    private static async Task<Results<Ok<DoneAnswer>, ProblemHttpResult>> DeleteAsync(long id, Caller caller, TagEditing editing, CancellationToken cancellationToken) =>
        caller.IsLimited ? ApiProblem.Of(StatusCodes.Status403Forbidden, "", ApiText.KeyLimited)
        : await editing.DeleteAsync(id, caller.Actor, Caller.Origin, cancellationToken) ? TypedResults.Ok(new DoneAnswer(true)) : ApiProblem.NotFound();

    private static async Task<TagResponse?> FindAsync(long id, TagQueries queries, CancellationToken cancellationToken) =>
        await queries.FindAsync(id, cancellationToken) is { } tag && (await queries.ListAsync(cancellationToken)).FirstOrDefault(listed => listed.Id == id) is { } listing
            ? TagResponse.From(tag, listing.FullName)
            : null;

    /// <summary>Under the names that the API has for them.</summary>
    private static ProblemHttpResult Refused(TagEditResult result) => ApiProblem.Of(
        StatusCodes.Status422UnprocessableEntity, result.Errors.ToDictionary(error => FieldOf(error.Key), error => error.Value));

    private static string FieldOf(string field) => field switch
    {
        "parentId" => "parent",
        "mailboxIds" => "subchannels",
        "assignmentIds" => "assignment",
        "slaHours" => "sla",
        "colour" => "color",
        "conditions" => "detectionDetails.conditions",
        "detection" => "detectionDetails.mode",
        _ => field,
    };
}
