using System.Globalization;
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

    private static async Task<Ok<TagListAnswer>> ListAsync(Caller caller, SeenTags tags, CancellationToken cancellationToken) =>
        TypedResults.Ok(new TagListAnswer(true, [.. (await tags.ListAsync(await caller.ReachAsync(cancellationToken), cancellationToken)).Select(TagResponse.From)]));

    private static async Task<Ok<TagTreeAnswer>> GetTreeAsync(Caller caller, SeenTags tags, CancellationToken cancellationToken)
    {
        var children = (await tags.ListAsync(await caller.ReachAsync(cancellationToken), cancellationToken)).ToLookup(tag => tag.ParentId);
        return TypedResults.Ok(new TagTreeAnswer(true, Under(null)));

        IReadOnlyList<TagNode> Under(long? parent) => [.. children[parent].Select(seen => new TagNode(seen.Tag.Id, seen.Tag.Name, seen.FullName, seen.Tag.Colour, seen.Tag.Visibility, Under(seen.Tag.Id)))];
    }

    private static async Task<Results<Ok<TagAnswer>, StatusCodeHttpResult, ProblemHttpResult>> GetAsync(long id, HttpContext context, Caller caller, SeenTags tags, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, context, caller, tags, cancellationToken) is not { } tag)
        {
            return ApiProblem.NotFound();
        }

        return EntityTags.IfNoneMatch(context.Request.Headers.IfNoneMatch)?.Names(context.Response.Headers.ETag.ToString()) is true
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(new TagAnswer(true, tag));
    }

    private static async Task<Results<Created<TagAnswer>, ProblemHttpResult>> AddAsync(
        HttpContext context, Body<TagRequest> body, Caller caller, TagEditing editing, SeenTags tags, CancellationToken cancellationToken)
    {
        if (caller.IsLimited)
        {
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "", ApiText.KeyLimited);
        }

        var added = await editing.AddAsync(body.Value.ToInput(), caller.Actor, Caller.Origin, cancellationToken);
        return added.TagId is { } id && await FindAsync(id, context, caller, tags, cancellationToken) is { } tag
            ? TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"{Shell.Urls.ApiBase}/tag/{id}"), new TagAnswer(true, tag))
            : Refused(added);
    }

    private static async Task<Results<Ok<TagAnswer>, ProblemHttpResult>> UpdateAsync(
        long id, HttpContext context, Body<TagRequest> body, Caller caller, TagEditing editing, TagQueries queries, SeenTags tags, CancellationToken cancellationToken)
    {
        if (caller.IsLimited)
        {
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "", ApiText.KeyLimited);
        }

        if (await queries.FindAsync(id, cancellationToken) is not { } known)
        {
            return ApiProblem.NotFound();
        }

        if (!IsExpected(context, known))
        {
            return Outdated();
        }

        var changed = await editing.UpdateAsync(id, body.Value.ToInput(), caller.Actor, Caller.Origin, cancellationToken, IsConditional(context) ? known.Version : null);
        return changed.IsOutdated ? Outdated()
            : changed.Succeeded && await FindAsync(id, context, caller, tags, cancellationToken) is { } tag ? TypedResults.Ok(new TagAnswer(true, tag))
            : Refused(changed);
    }

    private static async Task<Results<Ok<DoneAnswer>, ProblemHttpResult>> DeleteAsync(
        long id, HttpContext context, Caller caller, TagEditing editing, TagQueries queries, CancellationToken cancellationToken)
    {
        if (caller.IsLimited)
        {
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "", ApiText.KeyLimited);
        }

        if (await queries.FindAsync(id, cancellationToken) is not { } known)
        {
            return ApiProblem.NotFound();
        }

        return !IsExpected(context, known) ? Outdated()
            : await editing.DeleteAsync(id, caller.Actor, Caller.Origin, cancellationToken, IsConditional(context) ? known.Version : null) ? TypedResults.Ok(new DoneAnswer(true))
            : IsConditional(context) ? Outdated() : ApiProblem.NotFound();
    }

    /// <summary>With its ETag, which is another one as soon as the tag changes.</summary>
    private static async Task<TagResponse?> FindAsync(long id, HttpContext context, Caller caller, SeenTags tags, CancellationToken cancellationToken)
    {
        if ((await tags.ListAsync(await caller.ReachAsync(cancellationToken), cancellationToken)).FirstOrDefault(seen => seen.Tag.Id == id) is not { } found)
        {
            return null;
        }

        context.Response.Headers.ETag = EntityTagOf(found.Tag);
        return TagResponse.From(found);
    }

    private static string EntityTagOf(Tag tag) => string.Create(CultureInfo.InvariantCulture, $"\"tag-{tag.Id}-{tag.Version}\"");

    private static bool IsConditional(HttpContext context) => EntityTags.IfMatch(context.Request.Headers.IfMatch) is { IsAny: false };

    private static bool IsExpected(HttpContext context, Tag tag) => EntityTags.IfMatch(context.Request.Headers.IfMatch)?.Names(EntityTagOf(tag)) is not false;

    private static ProblemHttpResult Outdated() => ApiProblem.Of(StatusCodes.Status412PreconditionFailed, "", ApiText.ChangedMeanwhile);

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
