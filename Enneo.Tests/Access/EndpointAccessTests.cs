using System.Net;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages.Images;
using Enneo.Tests.Inbox;
using Enneo.Tests.Net;
using Enneo.Tests.Shell;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Access;

/// <summary>Every address of the running program: what it serves of a mailbox it serves to those who see that; to others it is as if it were not there.</summary>
public sealed class EndpointAccessTests(EnneoApp app) : IClassFixture<EnneoApp>
{
    private const string Pages = "a page: what it shows comes from Core, method by method";

    /// <summary>How each address is asked, by its route. The composer's are asked as the composer does.</summary>
    private static readonly Dictionary<string, (HttpMethod Method, Func<Target, string> Address)> s_asked = new()
    {
        ["GET /message/{id:long}/body"] = (HttpMethod.Get, it => $"/message/{it.MessageId}/body"),
        ["GET /message/{id:long}/part/{index:int}"] = (HttpMethod.Get, it => $"/message/{it.MessageId}/part/{it.PartIndex}"),
        ["GET /message/{id:long}/part/{index:int}/preview"] = (HttpMethod.Get, it => $"/message/{it.MessageId}/part/{it.PartIndex}/preview"),
        ["GET /message/{id:long}/remote"] = (HttpMethod.Get, it => $"/message/{it.MessageId}/remote?address=http%3A%2F%2Fpictures.{it.Word}.example&mark=0"),
        ["GET /message/{id:long}/source"] = (HttpMethod.Get, it => $"/message/{it.MessageId}/source"),
        ["GET /message/{id:long}/source/text"] = (HttpMethod.Get, it => $"/message/{it.MessageId}/source/text"),
        ["GET /message/{id:long}/print"] = (HttpMethod.Get, it => $"/message/{it.MessageId}/print"),
        ["GET /ticket/{id:long}/print"] = (HttpMethod.Get, it => $"/ticket/{it.TicketId}/print"),
        ["POST /draft/{id:long}/"] = (HttpMethod.Post, it => $"/draft/{it.DraftId}/"),
        ["POST /draft/{id:long}/attachment"] = (HttpMethod.Post, it => $"/draft/{it.DraftId}/attachment?name=a.txt"),
        ["POST /draft/{id:long}/image"] = (HttpMethod.Post, it => $"/draft/{it.DraftId}/image?name=a.png"),
        ["DELETE /draft/{id:long}/attachment/{attachmentId:long}"] = (HttpMethod.Delete, it => $"/draft/{it.DraftId}/attachment/{it.AttachmentId}"),
        ["GET /draft/image/{attachmentId:long}"] = (HttpMethod.Get, it => $"/draft/image/{it.PictureId}"),
    };

    /// <summary>What serves nobody's mail by itself, and why.</summary>
    private static readonly Dictionary<string, string> s_others = new()
    {
        ["/"] = Pages,
        ["/inbox"] = Pages,
        ["/settings/people"] = Pages,
        ["/settings/security"] = Pages,
        ["/settings/spam"] = Pages,
        ["/settings/skills-routing"] = Pages,
        ["/settings/automations"] = Pages,
        ["/settings/api-keys"] = Pages,
        ["/settings/ai"] = Pages,
        ["/settings/business-hours"] = Pages,
        ["/settings/templates"] = Pages,
        ["/settings/webhooks"] = Pages,
        ["/settings/incoming-webhooks"] = Pages,
        ["/settings/integrations"] = Pages,
        ["/settings/lost-mail-audit"] = Pages,
        ["/settings/lost-mail-audit.csv"] = "what its page shows; only admins may, as with the audit log's",
        ["/settings/microsoft365"] = Pages,
        ["/settings/microsoft365/connect"] = "sends an admin to Microsoft",
        ["/settings/oauth"] = Pages,
        ["/settings/oauth/connect"] = "sends an admin to another provider",
        ["/oauth/callback/{key}"] = "takes them back, with a state that only their session knows",
        ["/microsoft365/callback"] = "takes them back, with a state that only their session knows",
        ["/sign-in/microsoft"] = "sends somebody to Microsoft, to sign in",
        ["/account/confirm/microsoft"] = "sends whoever asks to Microsoft, to prove who they are",
        ["/account/microsoft"] = "sends whoever asks to Microsoft, to link their own account",
        ["/microsoft365/done"] = "says how it ended",
        ["/settings/audit-log"] = Pages,
        ["/settings/audit-log.csv"] = "what its page shows; that only admins may is tested with it",
        ["/account"] = Pages,
        ["/account/app"] = Pages,
        ["/account/passkey"] = Pages,
        ["/account/confirm"] = Pages,
        ["/account/recovery-codes"] = Pages,
        ["/account/passkey-options"] = "what a browser needs to make a passkey of the person who asks",
        ["/sign-in/code"] = Pages,
        ["/sign-in/passkey-options"] = "what a browser needs to use a passkey",
        ["/settings/email-accounts"] = Pages,
        ["/not-found"] = Pages,
        ["/error"] = Pages,
        ["/sign-in"] = Pages,
        ["/first-run"] = Pages,
        ["/invitation/{Token}"] = Pages,
        ["/invitation/{Token}/microsoft/join"] = Pages,
        ["/invitation/{token}/microsoft"] = "sends who was invited to Microsoft, to join by it",
        ["/sign-out"] = "ends a session",
        ["/{**path:file}"] = "what is no file of the program's own is not found",
        ["/healthz"] = "says that it runs",
        ["/readyz"] = "says whether it works",
    };

    public static TheoryData<string, string> Asked
    {
        get
        {
            TheoryData<string, string> asked = [];
            foreach (var route in s_asked.Keys)
            {
                asked.Add(route, Roles.Agent);
                asked.Add(route, Roles.Admin);
            }

            return asked;
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void EveryEndpointHasACase()
    {
        var without = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null)
            .Select(endpoint => (Route: "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), Methods: endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []))
            .Where(endpoint => !endpoint.Route.StartsWith("/_", StringComparison.Ordinal) && !endpoint.Route.StartsWith("/api/mind/", StringComparison.Ordinal) // that is asked in ApiAccessTests
                && !s_others.ContainsKey(endpoint.Route))
            .Where(endpoint => !endpoint.Methods.Any(method => s_asked.ContainsKey($"{method} {endpoint.Route}")))
            .Select(endpoint => $"{string.Join('/', endpoint.Methods)} {endpoint.Route}")
            .Distinct();

        Assert.True(!without.Any(), $"Say in EndpointAccessTests how each of these is asked for one mailbox of two, or why it serves no mail: {string.Join(", ", without)}");
    }

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task AnAddressIsThereForWhoSeesTheMailbox(string route, string role)
    {
        await using var house = await TwoMailboxes.OpenAsync();
        await using var site = await InboxSite.StartAsync(house.Store);
        var visitor = house.Of(role);
        using var client = site.ClientOf(visitor.Id);
        client.DefaultRequestHeaders.Add("X-Enneo-Composer", "1");

        var missing = await AskAsync(client, route, Target.Missing);
        var withheld = await AskAsync(client, route, house.Of(TwoMailboxes.Withheld, visitor));
        var granted = await AskAsync(client, route, house.Of(TwoMailboxes.Granted, visitor));

        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
        if (route.Contains("/remote", StringComparison.Ordinal))
        {
            return; // nothing to be had without a picture's host; whose message it is, is asked of Core below
        }

        Assert.True((int)granted.Status is >= 200 and < 300 or 415, $"{granted}");
        if (visitor.IsAdmin)
        {
            Assert.Equal(granted.Status, withheld.Status);
        }
        else
        {
            Assert.Equal(missing, withheld);
        }
    }

    [Fact]
    public async Task APictureOnAnotherHostIsFetchedOnlyForAMailWithinReach()
    {
        await using var pictures = await PictureServer.StartAsync();
        await using var house = await TwoMailboxes.OpenAsync(("Enneo:Net:TrustedHosts", pictures.Address.Authority));
        var address = new Uri(pictures.Address, "/dot.png").ToString();
        var fetch = house.Get<RemoteImages>();
        var message = house.Of(TwoMailboxes.Withheld, house.Agent).MessageId;
        var mark = (await fetch.SignerAsync(message, Cancel))(address)!;

        Assert.Null(await fetch.FetchAsync(house.Agent.Reach, message, address, mark, Cancel));
        Assert.Empty(pictures.Requests);
        Assert.NotNull(await fetch.FetchAsync(house.Admin.Reach, message, address, mark, Cancel));
    }

    [Fact]
    public async Task TheWayToMicrosoftsLoginTakesAFreshProof()
    {
        const string Connect = "/settings/microsoft365/connect?form=a&address=a%40example.test";
        using WebVisitor visitor = new(app.Address);
        using var signedIn = await visitor.SignInAsync(EnneoStore.PersonEmail, EnneoStore.PersonPassword);
        using var fresh = await visitor.GetAsync(Connect);
        Assert.Equal("/settings/microsoft365", fresh.Headers.Location?.ToString()); // which is not set up

        await app.Get<WriterLane>().RunAsync((db, token) => db.Sessions.ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvenAt, DateTimeOffset.UnixEpoch), token), Cancel);
        using var stale = await visitor.GetAsync(Connect);

        Assert.Equal($"/account/confirm?returnUrl={Uri.EscapeDataString(Connect)}", stale.Headers.Location?.ToString());
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient client, string route, Target it)
    {
        var (method, address) = s_asked[route];
        using HttpRequestMessage request = new(method, address(it));
        if (method == HttpMethod.Post)
        {
            request.Content = route.EndsWith("}/", StringComparison.Ordinal)
                ? new StringContent("""{"revision":9,"to":[],"cc":[],"bcc":[],"subject":"New","html":""}""", System.Text.Encoding.UTF8, "application/json")
                : new ByteArrayContent([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        }

        using var response = await client.SendAsync(request, Cancel);
        return (response.StatusCode, response.StatusCode is HttpStatusCode.NotFound ? await response.Content.ReadAsStringAsync(Cancel) : "");
    }
}
