using Enneo.Core.Identity;
using Enneo.Core.Microsoft365;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity.Account;

/// <summary>Who the person is at Microsoft, where people may sign in by it.</summary>
public sealed partial class MicrosoftSection(AccountOwner owner, PeopleSignIn people, PeopleLinks links, NavigationManager navigation) : ComponentBase
{
    private bool _offers;
    private string? _linkedAs;

    protected override async Task OnInitializedAsync()
    {
        _offers = (await people.SettingsAsync(owner.Context.RequestAborted)).IsOn;
        _linkedAs = await links.OfAsync(owner.Id, owner.Context.RequestAborted);
    }

    /// <summary>Asks for no proof: it only takes a way in away.</summary>
    private async Task UnlinkAsync()
    {
        await links.UnlinkAsync(owner.Id, owner.Actor, AccountOwner.Origin, owner.Context.RequestAborted);
        navigation.NavigateTo(Urls.AccountAfter(AccountPage.MicrosoftUnlinked));
    }
}
