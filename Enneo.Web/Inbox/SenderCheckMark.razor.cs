using System.Globalization;
using Enneo.Core.Messages.Authentication;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>Says whether a mail comes from where it says, in words.</summary>
public sealed partial class SenderCheckMark : ComponentBase
{
    [Parameter, EditorRequired]
    public required SenderAuthentication Authentication { get; set; }

    private string Tone => Authentication.Check switch
    {
        SenderCheck.Confirmed => "ok",
        SenderCheck.NotConfirmed => "warn",
        _ => "bad",
    };

    private IconName Sign => Authentication.Check is SenderCheck.Confirmed ? IconName.Check : IconName.Warning;

    private string Words => Filled(Authentication.Check switch
    {
        SenderCheck.Confirmed => InboxText.SenderConfirmed,
        SenderCheck.NotConfirmed => InboxText.SenderNotConfirmed,
        _ => InboxText.SenderMayBeForged,
    });

    private string Meaning => Filled(Authentication.Check switch
    {
        SenderCheck.Confirmed => InboxText.SenderConfirmedMore,
        SenderCheck.NotConfirmed => InboxText.SenderNotConfirmedMore,
        _ => InboxText.SenderMayBeForgedMore,
    });

    private string CheckedBy => string.Format(CultureInfo.CurrentCulture, InboxText.SenderCheckedBy, Authentication.Server);

    private string Filled(string words) => string.Format(CultureInfo.CurrentCulture, words, Authentication.Domain);
}
