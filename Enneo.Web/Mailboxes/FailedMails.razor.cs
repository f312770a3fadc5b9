using Enneo.Core.Sync;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>The mails of a mailbox that are stored but could not be read.</summary>
public sealed partial class FailedMails(TimeProvider clock) : ComponentBase
{
    private const int Shown = 100;

    private bool _retrying;
    private int? _retried;

    [Parameter, EditorRequired]
    public required IReadOnlyList<FailedMail> Mails { get; set; }

    /// <summary>Reads them again and says how many can be read now.</summary>
    [Parameter, EditorRequired]
    public required Func<Task<int>> Retry { get; set; }

    [Parameter]
    public bool CanRetry { get; set; } = true;

    [Parameter]
    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    private async Task RetryAsync()
    {
        (_retrying, _retried) = (true, null);
        try
        {
            _retried = await Retry();
        }
        finally
        {
            _retrying = false;
        }
    }
}
