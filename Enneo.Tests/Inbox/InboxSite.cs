using System.Security.Claims;
using System.Text.Encodings.Web;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Messages.Images;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Enneo.Tests.Inbox;

/// <summary>The inbox's endpoints over HTTP, onto an <see cref="InboxStore"/>.</summary>
internal sealed class InboxSite : IAsyncDisposable
{
    private const string Named = "Test";
    private readonly WebApplication _site;

    private InboxSite(WebApplication site) => _site = site;

    public static async Task<InboxSite> StartAsync(InboxStore store)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddAuthentication(Named).AddScheme<AuthenticationSchemeOptions, NamedUser>(Named, null);
        builder.Services.AddAuthorization()
            .AddSingleton<TimeProvider>(store.Clock)
            .AddSingleton(store.Get<TicketQueries>())
            .AddSingleton(store.Get<Reaches>())
            .AddSingleton(store.Get<MessageReader>())
            .AddSingleton(store.Get<MailHtml>())
            .AddSingleton(store.Get<RemoteImages>())
            .AddSingleton(store.Get<Drafts>())
            .AddSingleton(store.Get<IOptions<SendingOptions>>());
        var site = builder.Build();
        site.UseAuthentication();
        site.UseAuthorization();
        site.MapInbox();
        await site.StartAsync();
        return new InboxSite(site);
    }

    /// <param name="userId">Null for somebody who is not signed in.</param>
    public HttpClient ClientOf(long? userId)
    {
        var client = _site.GetTestClient();
        if (userId is { } id)
        {
            client.DefaultRequestHeaders.Add(NamedUser.Header, $"{id}");
        }

        return client;
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    private sealed class NamedUser(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public const string Header = "X-Test-User";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers[Header] is not [{ } id])
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            ClaimsIdentity identity = new([new Claim(ClaimTypes.NameIdentifier, id)], Named);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Named)));
        }
    }
}
