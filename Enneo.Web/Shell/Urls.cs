using System.Globalization;

namespace Enneo.Web.Shell;

/// <summary>Builds every address of the product; pages and links meet here.</summary>
public static class Urls
{
    public const string Home = "/";
    public const string SignIn = "/sign-in";
    public const string SignInCode = "/sign-in/code";
    public const string PasskeyRequest = "/sign-in/passkey-options";
    public const string SignOut = "/sign-out";
    public const string Account = "/account";
    public const string AccountApp = "/account/app";
    public const string AccountPasskey = "/account/passkey";
    public const string AccountCodes = "/account/recovery-codes";
    public const string PasskeyCreation = "/account/passkey-options";
    public const string FirstRun = "/first-run";
    public const string EmailAccounts = "/settings/email-accounts";
    public const string NewEmailAccount = EmailAccounts + "?account=new";
    public const string People = "/settings/people";
    public const string NewPerson = People + "?person=new";
    public const string Security = "/settings/security";
    public const string Spam = "/settings/spam";
    public const string AuditLog = "/settings/audit-log";
    public const string AuditLogFile = "/settings/audit-log.csv";
    public const string Tags = "/settings/skills-routing";
    public const string NewTag = Tags + "?tag=new";
    public const string Ai = "/settings/ai";
    public const string BusinessHours = "/settings/business-hours";
    public const string Automations = "/settings/automations";
    public const string NewAutomation = Automations + "?automation=new";
    public const string Templates = "/settings/templates";
    public const string NewTemplate = Templates + "?template=new";
    public const string Webhooks = "/settings/webhooks";
    public const string NewWebhook = Webhooks + "?webhook=new";
    public const string Hooks = "/settings/incoming-webhooks";
    public const string Integrations = "/settings/integrations";
    public const string NewIntegration = Integrations + "?integration=new";
    public const string NewHook = Hooks + "?hook=new";
    public const string LostMail = "/settings/lost-mail-audit";
    public const string LostMailFile = LostMail + ".csv";
    public const string Microsoft365 = "/settings/microsoft365";
    public const string Microsoft365Connect = Microsoft365 + "/connect";
    public const string Microsoft365Callback = "/microsoft365/callback";
    public const string Providers = "/settings/oauth";
    public const string NewProvider = Providers + "?provider=new";
    public const string NewGoogle = Providers + "?provider=google";
    public const string ProviderConnect = Providers + "/connect";
    public const string ProviderCallback = "/oauth/callback";
    public const string SignInMicrosoft = "/sign-in/microsoft";
    public const string AccountMicrosoft = "/account/microsoft";
    public const string InvitationMicrosoft = "/invitation/{token}/microsoft";
    public const string ProofMicrosoft = "/account/confirm/microsoft";
    public const string Microsoft365Done = "/microsoft365/done";
    public const string ApiKeys = "/settings/api-keys";
    public const string Api = "/api";
    public const string ApiBase = Api + "/mind";
    public const string ApiDocs = ApiBase + "/docs";
    public const string ApiDescription = ApiDocs + "/open-api";
    public const string NotFound = "/not-found";
    public const string Health = "/healthz";
    public const string Ready = "/readyz";

    private const string InboxPage = "/inbox";
    private const string AccountProof = "/account/confirm";

    /// <summary>The state of the inbox is its address: <c>/inbox?mailbox=3&amp;view=closed&amp;ticket=42</c>.</summary>
    /// <param name="mailboxId">Null for all inboxes.</param>
    /// <param name="view">The name of a list; null for what is open.</param>
    /// <param name="ticketId">The ticket shown beside the list.</param>
    /// <param name="showsMailboxes">Where there is no room for all panes: the mailboxes lie over the list.</param>
    /// <param name="folderId">The folder whose conversations are listed.</param>
    /// <param name="search">As it was typed.</param>
    /// <param name="messageId">The message of the ticket to begin with.</param>
    /// <param name="tagId">The tag whose conversations are listed.</param>
    /// <param name="draftId">The new message that is written beside the list.</param>
    public static string Inbox(
        long? mailboxId = null, string? view = null, long? ticketId = null, bool showsMailboxes = false, long? folderId = null,
        string? search = null, bool bestFirst = false, long? messageId = null, long? draftId = null, long? tagId = null)
    {
        string?[] query =
        [
            mailboxId is null ? null : string.Create(CultureInfo.InvariantCulture, $"mailbox={mailboxId}"),
            view is null ? null : $"view={view}",
            folderId is null ? null : string.Create(CultureInfo.InvariantCulture, $"folder={folderId}"),
            tagId is null ? null : string.Create(CultureInfo.InvariantCulture, $"tag={tagId}"),
            ticketId is null ? null : string.Create(CultureInfo.InvariantCulture, $"ticket={ticketId}"),
            draftId is null ? null : string.Create(CultureInfo.InvariantCulture, $"draft={draftId}"),
            showsMailboxes ? "pane=mailboxes" : null,
            search is null ? null : $"q={Uri.EscapeDataString(search)}",
            search is not null && bestFirst ? "sort=best" : null,
            ticketId is not null && messageId is not null ? string.Create(CultureInfo.InvariantCulture, $"message={messageId}") : null,
        ];
        var parts = string.Join('&', query.Where(part => part is not null));
        return parts.Length == 0 ? Home : $"{InboxPage}?{parts}";
    }

    /// <summary>An account in the list of email accounts, opened for editing.</summary>
    public static string EmailAccount(long mailboxId) =>
        string.Create(CultureInfo.InvariantCulture, $"{EmailAccounts}?account={mailboxId}");

    /// <summary>A provider in the list, opened for editing.</summary>
    public static string Provider(long providerId) => string.Create(CultureInfo.InvariantCulture, $"{Providers}?provider={providerId}");

    /// <summary>A tag in the tree, opened for editing.</summary>
    public static string Tag(long tagId) => string.Create(CultureInfo.InvariantCulture, $"{Tags}?tag={tagId}");

    /// <summary>An automation in the list, opened for editing.</summary>
    public static string Automation(long automationId) => string.Create(CultureInfo.InvariantCulture, $"{Automations}?automation={automationId}");

    /// <summary>A webhook in the list, with what it was told.</summary>
    public static string Template(long templateId) => string.Create(CultureInfo.InvariantCulture, $"{Templates}?template={templateId}");

    public static string Webhook(long webhookId) => string.Create(CultureInfo.InvariantCulture, $"{Webhooks}?webhook={webhookId}");

    /// <summary>An integration in the list, with how it is doing.</summary>
    public static string Integration(long integrationId) => string.Create(CultureInfo.InvariantCulture, $"{Integrations}?integration={integrationId}");

    /// <summary>An incoming webhook in the list, with what came by it.</summary>
    public static string Hook(long hookId) => string.Create(CultureInfo.InvariantCulture, $"{Hooks}?hook={hookId}");

    /// <summary>Where another system posts to.</summary>
    public static string HookAddress(long hookId) => string.Create(CultureInfo.InvariantCulture, $"{ApiBase}/hook/{hookId}");

    /// <summary>A mailbox beside what another helpdesk has of it.</summary>
    public static string LostMailOf(long mailboxId) => string.Create(CultureInfo.InvariantCulture, $"{LostMail}?mailbox={mailboxId}");

    /// <summary>The same as a file.</summary>
    public static string LostMailCsv(long mailboxId) => string.Create(CultureInfo.InvariantCulture, $"{LostMailFile}?mailbox={mailboxId}");

    /// <summary>A person in the list of people, opened for editing.</summary>
    /// <param name="person">As the page names them.</param>
    public static string Person(string person) => $"{People}?person={person}";

    /// <summary>Where an invited person joins.</summary>
    public static string Invitation(string token) => $"/invitation/{token}";

    /// <summary>Where who came back from Microsoft is asked whether that is who joins.</summary>
    public static string InvitationJoin(string token) => InvitationByMicrosoft(token) + "/join";

    /// <summary>The same by an account at Microsoft.</summary>
    public static string InvitationByMicrosoft(string token) => $"/invitation/{Uri.EscapeDataString(token)}/microsoft";

    /// <param name="returnTo">An address of ours, without its leading slash.</param>
    public static string SignInTo(string returnTo) =>
        returnTo.Length == 0 ? SignIn : $"{SignIn}?returnUrl={Uri.EscapeDataString("/" + returnTo)}";

    /// <summary>To Microsoft's login, and then where somebody wanted to go.</summary>
    public static string SignInMicrosoftTo(string? returnUrl) => $"{SignInMicrosoft}?returnUrl={Uri.EscapeDataString(LocalOrHome(returnUrl))}";

    /// <summary>The second step of signing in.</summary>
    public static string SignInCodeTo(string? returnUrl) =>
        LocalOrHome(returnUrl) is var local && local == Home ? SignInCode : $"{SignInCode}?returnUrl={Uri.EscapeDataString(local)}";

    /// <summary>Asks once more for a proof, then leads back.</summary>
    public static string ProofFor(string returnUrl) => $"{AccountProof}?returnUrl={Uri.EscapeDataString(returnUrl)}";

    /// <summary>The same by Microsoft.</summary>
    public static string ProofMicrosoftFor(string? returnUrl) => $"{ProofMicrosoft}?returnUrl={Uri.EscapeDataString(LocalOrHome(returnUrl))}";

    /// <param name="done">The name of what was just done there, to be said above.</param>
    public static string AccountAfter(string done) => $"{Account}?done={done}";

    /// <summary>Where to go after signing in: only ever an address of our own.</summary>
    public static string LocalOrHome(string? url) => IsLocal(url) ? url! : Home;

    // As the framework's own check for local addresses: one slash, then neither slash nor backslash, no control characters.
    private static bool IsLocal(string? url) =>
        url is ['/', ..] && url is not ['/', '/' or '\\', ..] && !url.Any(char.IsControl);
}
