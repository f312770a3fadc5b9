using System.Security.Claims;
using Bunit;
using Enneo.Core.Identity;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Enneo.Tests.Inbox;

/// <summary>A circuit with its browser, onto an <see cref="InboxStore"/>.</summary>
internal sealed class InboxScreen : BunitContext
{
    public InboxScreen(InboxStore store, bool isAdmin = false)
    {
        DefaultWaitTimeout = TimeSpan.FromSeconds(30); // what is rendered first in a process is compiled meanwhile
        JSInterop.Mode = JSRuntimeMode.Loose;
        Script = JSInterop.SetupModule(InboxScript.Module);
        Script.Setup<bool>("start", _ => true).SetResult(true);
        JSInterop.SetupModule(BrowserTime.Module).Setup<string?>("timeZone").SetResult("Europe/Berlin");
        MayMove(true);
        Editor = JSInterop.SetupModule(ComposerScript.Module).SetupModule("start", _ => true);
        Editor.Mode = JSRuntimeMode.Loose;
        Editor.Setup<string>("save", _ => true).SetResult("saved");
        Services.AddSingleton<TimeProvider>(store.Clock).AddSingleton(new PublicAddress(new EnneoOptions())).AddInbox();
        Services.AddScoped(services => new CurrentReach(Asked = new SlowAuthentication(services.GetRequiredService<AuthenticationStateProvider>()), services.GetRequiredService<Reaches>()));
        foreach (var type in store.Types)
        {
            Services.TryAddSingleton(type, _ => store.Get(type));
        }

        var authorization = this.AddAuthorization();
        authorization.SetAuthorized("anna@example.com");
        if (isAdmin)
        {
            authorization.SetRoles("admin");
        }

        authorization.SetClaims(new Claim(ClaimTypes.NameIdentifier, $"{store.AgentId}"));

        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    public BunitJSModuleInterop Script { get; }

    /// <summary>Who is there, as reads ask; known once something was read.</summary>
    public SlowAuthentication? Asked { get; private set; }

    /// <summary>The composer's editor; it says that it saved.</summary>
    public BunitJSModuleInterop Editor { get; }

    /// <summary>Whether the list stands at its top and nobody points at it.</summary>
    public void MayMove(bool mayMove) => Script.Setup<bool>("mayMove", _ => true).SetResult(mayMove);
}
