using System.Security.Claims;
using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Analysis;
using Enneo.Core.Automations;
using Enneo.Core.Conditions;
using Enneo.Core.Contacts;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Messages.Images;
using Enneo.Core.Notes;
using Enneo.Core.Processing;
using Enneo.Core.Search;
using Enneo.Core.Sending;
using Enneo.Core.Spam;
using Enneo.Core.Sync;
using Enneo.Core.Tags;
using Enneo.Core.Tags.Detection;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enneo.Tests.Inbox;

/// <summary>A circuit with its browser, onto an <see cref="InboxStore"/>.</summary>
internal sealed class InboxScreen : BunitContext
{
    public InboxScreen(InboxStore store, bool isAdmin = false)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Script = JSInterop.SetupModule(InboxScript.Module);
        Script.Setup<bool>("start", _ => true).SetResult(true);
        JSInterop.SetupModule(BrowserTime.Module).Setup<string?>("timeZone").SetResult("Europe/Berlin");
        MayMove(true);
        Editor = JSInterop.SetupModule(ComposerScript.Module).SetupModule("start", _ => true);
        Editor.Mode = JSRuntimeMode.Loose;
        Editor.Setup<string>("save", _ => true).SetResult("saved");
        Services.AddSingleton<TimeProvider>(store.Clock)
            .AddSingleton(_ => store.Get<LiveFeed>())
            .AddSingleton(_ => store.Get<MailboxQueries>())
            .AddSingleton(_ => store.Get<TicketQueries>())
            .AddSingleton(_ => store.Get<SearchQueries>())
            .AddSingleton(_ => store.Get<SearchSuggestions>())
            .AddSingleton(_ => store.Get<ActivityQueries>())
            .AddSingleton(_ => store.Get<Accounts>())
            .AddSingleton(_ => store.Get<Reaches>())
            .AddScoped<CurrentReach>()
            .AddSingleton(_ => store.Get<TicketEditing>())
            .AddSingleton(_ => store.Get<TicketFiling>())
            .AddSingleton(_ => store.Get<Archiving>())
            .AddSingleton(_ => store.Get<TicketRegrouping>())
            .AddSingleton(_ => store.Get<TrashErasing>())
            .AddSingleton(_ => store.Get<SpamDecisions>())
            .AddSingleton(_ => store.Get<SpamQueries>())
            .AddSingleton(_ => store.Get<SpamSenders>())
            .AddSingleton(_ => store.Get<ProcessingQueries>())
            .AddSingleton(_ => store.Get<ProcessingRetry>())
            .AddSingleton(_ => store.Get<AutomationProposals>())
            .AddSingleton(_ => store.Get<TagQueries>())
            .AddSingleton(_ => store.Get<TagEditing>())
            .AddSingleton(_ => store.Get<TagModels>())
            .AddSingleton(_ => store.Get<TicketTagging>())
            .AddSingleton(_ => store.Get<ConditionTrial>())
            .AddSingleton(_ => store.Get<WaitingChanges>())
            .AddSingleton(_ => store.Get<WaitingChangeDecisions>())
            .AddSingleton(_ => store.Get<ReadState>())
            .AddSingleton(_ => store.Get<MessageReader>())
            .AddSingleton(_ => store.Get<MailHtml>())
            .AddSingleton(_ => store.Get<ImageTrust>())
            .AddSingleton(_ => store.Get<Drafts>())
            .AddSingleton(_ => store.Get<NoteWriting>())
            .AddSingleton(_ => store.Get<AnalysisQueries>())
            .AddSingleton(_ => store.Get<AiSettingsEditing>())
            .AddSingleton(_ => store.Get<ContactQueries>())
            .AddSingleton(_ => store.Get<PersonTickets>())
            .AddSingleton(_ => store.Get<Requesters>())
            .AddSingleton(_ => store.Get<Outbox>())
            .AddSingleton(_ => store.Get<IOptions<SendingOptions>>())
            .AddInbox();
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

    /// <summary>The composer's editor; it says that it saved.</summary>
    public BunitJSModuleInterop Editor { get; }

    /// <summary>Whether the list stands at its top and nobody points at it.</summary>
    public void MayMove(bool mayMove) => Script.Setup<bool>("mayMove", _ => true).SetResult(mayMove);
}
