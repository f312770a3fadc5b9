using System.Globalization;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Identity;

public sealed partial class PersonSecurity(
    FactorReset reset, PeopleLinks links, Sessions sessions, AuthenticationStateProvider authentication, NavigationManager navigation) : ComponentBase
{
    private Question? _asked;

    private enum Question
    {
        Reset,
        SignOut,
        Unlink,
    }

    [Parameter]
    [EditorRequired]
    public long PersonId { get; set; }

    [Parameter]
    [EditorRequired]
    public required string Name { get; set; }

    [Parameter]
    [EditorRequired]
    public required PersonFactors Factors { get; set; }

    /// <summary>What is shown is out of date.</summary>
    [Parameter]
    public EventCallback OnChanged { get; set; }

    private string Has => Factors switch
    {
        { HasApp: true, Passkeys: > 0 } => SecurityText.HasBoth,
        { HasApp: true } => SecurityText.HasApp,
        { Passkeys: > 0 } => SecurityText.HasPasskeys,
        _ => SecurityText.HasNone,
    };

    private string Devices => Factors.Sessions switch
    {
        0 => SecurityText.DevicesNone,
        1 => SecurityText.DevicesOne,
        var count => string.Format(CultureInfo.CurrentCulture, SecurityText.DevicesMany, count),
    };

    private string Ask(Question asked) => string.Format(
        CultureInfo.CurrentCulture,
        asked switch
        {
            Question.Reset => SecurityText.ResetAsk,
            Question.SignOut => SecurityText.SignOutAsk,
            _ => Factors.HasMicrosoftOnly ? SecurityText.UnlinkOnlyAsk : SecurityText.UnlinkAsk,
        },
        Name,
        Factors.MicrosoftAs);

    private static string Act(Question asked) => asked switch
    {
        Question.Reset => SecurityText.Reset,
        Question.SignOut => SecurityText.SignOut,
        _ => SecurityText.Unlink,
    };

    private async Task RunAsync()
    {
        var asked = _asked;
        _asked = null;
        if (await Admin.ProvenAsync(authentication, sessions, CancellationToken.None) is not { } actor)
        {
            navigation.NavigateTo(Urls.ProofFor(new Uri(navigation.Uri).PathAndQuery), forceLoad: true);
            return;
        }

        if (asked == Question.Reset)
        {
            await reset.RunAsync(PersonId, actor, Admin.Origin, CancellationToken.None);
        }
        else if (asked == Question.Unlink)
        {
            await links.UnlinkAsync(PersonId, actor, Admin.Origin, CancellationToken.None);
        }
        else
        {
            await sessions.EndAllAsync(PersonId, null, actor, Admin.Origin, CancellationToken.None);
        }

        await OnChanged.InvokeAsync();
    }
}
