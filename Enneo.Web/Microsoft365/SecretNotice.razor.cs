using System.Data.Common;
using System.Globalization;
using Enneo.Core.Microsoft365;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Microsoft365;

/// <summary>Says in time that the secret or certificate of the registration at Microsoft ends: without a new one every mailbox there stands still.</summary>
public sealed partial class SecretNotice(SecretWarnings warnings) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private SecretEnd? _end;

    private string Words => string.Format(CultureInfo.CurrentCulture, _end!.Urgency switch
    {
        SecretUrgency.Ended => ConnectText.SecretEnded,
        SecretUrgency.Day => ConnectText.SecretEndsToday,
        _ => ConnectText.SecretEnds,
    }, _end.EndsAt.UtcDateTime);

    /// <summary>Quiet a month ahead, loud from a day ahead.</summary>
    private string Tone => _end!.Urgency switch
    {
        SecretUrgency.Month => "notice",
        SecretUrgency.Week => "notice notice-warn",
        _ => "notice notice-bad",
    };

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _end = await warnings.FindAsync(_closed.Token);
        }
        catch (Exception exception) when (exception is DbException or OperationCanceledException)
        {
            // The page itself says what is wrong, unless nobody looks any more.
        }
    }
}
