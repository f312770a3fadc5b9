using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Mailboxes;
using Enneo.Web.Api;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity.Account;

/// <summary>Keys by which programs act as the person.</summary>
public sealed partial class KeysSection(
    AccountOwner owner, ApiKeyQueries queries, ApiKeyEditing editing, MailboxQueries mailboxes, Reaches reaches, NavigationManager navigation) : ComponentBase
{
    private IReadOnlyList<ApiKeyListing>? _keys;
    private IReadOnlyList<MailboxListing> _mailboxes = [];
    private string? _secret;
    private string? _problem;

    [SupplyParameterFromForm(FormName = "new-key")]
    public KeyForm? Form { get; set; }

    [SupplyParameterFromForm(FormName = "keys")]
    public RevokedKey? Revoked { get; set; }

    private bool IsAdmin => owner.Context.User.IsInRole(Roles.Admin);

    protected override async Task OnInitializedAsync()
    {
        _mailboxes = await mailboxes.ListAsync(await reaches.FindAsync(owner.Id, owner.Context.RequestAborted), owner.Context.RequestAborted);
        await LoadAsync();
    }

    private async Task LoadAsync() => _keys = await queries.OfPersonAsync(owner.Id, owner.Context.RequestAborted);

    private async Task MakeAsync()
    {
        if (!await owner.HasProvenAsync())
        {
            navigation.NavigateTo(Urls.ProofFor(Urls.Account));
            return;
        }

        NewApiKey wanted = new(Form?.Name ?? "", ApiClaims.Parse(string.Join(',', Form?.Scopes ?? [])) ?? ApiScopes.None);
        var made = await editing.AddPersonalAsync(owner.Id, wanted, owner.Actor, AccountOwner.Origin, owner.Context.RequestAborted);
        (_secret, _problem) = (made.Secret, made.Problem);
        await LoadAsync();
    }

    private async Task RevokeAsync()
    {
        if (Revoked is { Key: { } key })
        {
            await editing.RevokeAsync(key, owner.Actor, AccountOwner.Origin, owner.Context.RequestAborted);
            navigation.NavigateTo(Urls.AccountAfter(AccountPage.KeyRevoked));
        }
    }

    public sealed class KeyForm
    {
        public string? Name { get; set; }
        public List<string>? Scopes { get; set; }
    }

    public sealed class RevokedKey
    {
        public long? Key { get; set; }
    }
}
