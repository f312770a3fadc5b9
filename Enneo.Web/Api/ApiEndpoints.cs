using Enneo.Web.Activity.Changes;
using Enneo.Web.Api.Description;
using Enneo.Web.Comparison;
using Enneo.Web.Hooks;
using Enneo.Web.Mailboxes.Subchannels;
using Enneo.Web.Shell;
using Enneo.Web.Tags;
using Enneo.Web.Templates;
using Enneo.Web.Tickets;
using Enneo.Web.Webhooks;
using Microsoft.AspNetCore.Mvc;

namespace Enneo.Web.Api;

/// <summary>The API: its address, and what holds for all of it.</summary>
internal static class ApiEndpoints
{
    /// <summary>Bytes of a body without files.</summary>
    private const int MaxBody = 1_000_000;

    public static IEndpointRouteBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Urls.ApiBase)
            .RequireRateLimiting(ApiLimits.Policy)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBody))
            .AddEndpointFilter<SessionToken>()
            .AddEndpointFilter<WritingGate>()
            .AddEndpointFilter<BodyCheck>()
            .AddEndpointFilter<KeyedRequestFilter>();
        api.MapTickets();
        api.MapTicketChanges();
        api.MapTicketCreation();
        api.MapMail();
        api.MapConversations();
        api.MapChanges();
        api.MapWebhooks();
        api.MapConversationChanges();
        api.MapRegrouping();
        api.MapTags();
        api.MapTemplates();
        api.MapSubchannels();
        api.MapHelpdeskLists();
        api.Map("/{**rest}", ApiProblem.NotFound).AllowAnonymous().ExcludeFromDescription();
        routes.MapHooks();
        routes.MapApiDescription();
        return routes;
    }
}
