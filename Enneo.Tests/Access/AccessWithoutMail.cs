using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Identity.Factors;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Integrations.Comparison;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Microsoft365;

namespace Enneo.Tests.Access;

internal static partial class AccessCases
{
    private static IEnumerable<Type> OfWebhooks => [typeof(WebhookEditing), typeof(WebhookQueries), typeof(WebhookReplay), typeof(WebhookTrial), typeof(HookEditing), typeof(HookQueries),
        typeof(IntegrationEditing), typeof(IntegrationQueries), typeof(ConflictDeciding), typeof(TicketRetrying), typeof(WebhookThere), typeof(HelpdeskListing), typeof(LostMailAudit), typeof(TakingOver)];

    /// <summary>What reaches nobody's mail, and why.</summary>
    private static IEnumerable<AccessCase> WithoutMail =>
    [
        new NoCase("TagQueries.ListAsync", "which tags there are is known to everybody"),
        new NoCase("TagQueries.DetailsAsync", "what tags are like is known to everybody"),
        new NoCase("TagQueries.FindAsync", "what a tag is like is known to everybody"),
        new NoCase("MassMail.CountSendersAsync", "counts what SendersAsync lists, by the same query"),
        new NoCase("TicketQueries.CountAsync", "counts what IdsAsync lists, by the same query"),
        new NoCase("Drafts.CountAsync", "counts what ListAsync lists, by the same query"),
        new NoCase("ImageTrust.IsTrustedAsync", "answers about an address that the asker has"),
        new NoCase("RemoteImages.SignerAsync", "makes marks; what they open is FetchAsync"),
        new NoCase("RemoteImages.FetchAsync", "its endpoint is driven, with a picture on another host"),
        new NoCase("MessageParser.ParseAsync", "reads the bytes that it is given"),
        .. Of<Accounts>("people, not mail"), .. Of<PasswordCheck>("people, not mail"), .. Of<Sessions>("people, not mail"), .. Of<LastSeen>("people, not mail"),
        .. Of<AuthenticatorApps>("people, not mail"), .. Of<FactorQueries>("people, not mail"), .. Of<FactorReset>("people, not mail"), .. Of<Passkeys>("people, not mail"),
        .. Of<RecoveryCodes>("people, not mail"), .. Of<SecondFactors>("people, not mail"), .. Of<SecondStep>("people, not mail"), .. Of<SignInLog>("people, not mail"),
        .. Of<PeopleSignIn>("people, not mail"), .. Of<PeopleLinks>("people, not mail; a page links its own person only"),
        .. Of<ApiKeyEditing>("keys, not mail; who may make them is tested with it"), .. Of<ApiKeyQueries>("keys, not mail; that only admins list all is tested with it"),
        .. Of<PeopleEditing>("people, not mail; that only admins may is tested with it"), .. Of<Inviting>("people, not mail; that only admins may is tested with it"),
        .. Of<InvitationQueries>("people, not mail; that only admins may is tested with it"), .. Of<Reaches>("says what may be seen"), .. Of<ActorNames>("what people and programs are called, which everybody knows"),
    ];

    private static IEnumerable<NoCase> Of<T>(string why) => OperationAccessTests.MethodsOf(typeof(T)).Select(method => new NoCase(method, why));
}
