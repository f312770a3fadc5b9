using Enneo.Core.Mailboxes;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>Test Email Receipt and Send test email, on what stands in the form.</summary>
public sealed partial class AccountChecks : ComponentBase, IDisposable
{
    private readonly List<TestStep> _steps = [];
    private CancellationTokenSource? _run;
    private string _recipient = "";
    private string? _title;
    private string? _closing;
    private bool _sends;

    /// <summary>What shall be tested; null when it cannot be, and the form says why.</summary>
    [Parameter, EditorRequired]
    public required Func<MailboxInput?> Input { get; set; }

    [Parameter, EditorRequired]
    public required Func<MailboxInput, CancellationToken, IAsyncEnumerable<TestStep>> Test { get; set; }

    [Parameter, EditorRequired]
    public required Func<MailboxInput, string, CancellationToken, IAsyncEnumerable<TestStep>> Send { get; set; }

    /// <summary>Proposed as recipient of the test email.</summary>
    [Parameter]
    public string Recipient { get; set; } = "";

    /// <summary>The certificate of the IMAP or the SMTP server shall be trusted.</summary>
    [Parameter]
    public EventCallback<(bool Smtp, string Fingerprint)> OnTrust { get; set; }

    private bool Running => _run is not null;

    protected override void OnInitialized() => _recipient = Recipient;

    public void Dispose() => Stop();

    private Task TestAsync() => RunAsync(sends: false, Test);

    private Task SendAsync()
    {
        var recipient = _recipient.Trim();
        return RunAsync(sends: true, (input, cancellationToken) => Send(input, recipient, cancellationToken));
    }

    private async Task RunAsync(bool sends, Func<MailboxInput, CancellationToken, IAsyncEnumerable<TestStep>> check)
    {
        if (Running || Input() is not { } input)
        {
            return;
        }

        _sends = sends;
        _steps.Clear();
        (_title, _closing) = (sends ? AccountsText.SendTest : AccountsText.TestReceipt, null);
        using CancellationTokenSource run = new();
        _run = run;
        try
        {
            await foreach (var step in check(input, run.Token))
            {
                _steps.Add(step);
                StateHasChanged();
            }

            _closing = Closing();
        }
        catch (OperationCanceledException) when (run.IsCancellationRequested)
        {
            _closing = AccountsText.Stopped;
        }
        finally
        {
            _run = null;
        }
    }

    /// <summary>Trusts, and tests again: that is what trusting was for.</summary>
    private async Task TrustAsync(string fingerprint)
    {
        await OnTrust.InvokeAsync((_sends, fingerprint));
        await (_sends ? SendAsync() : TestAsync());
    }

    private void Stop() => _run?.Cancel();

    /// <summary>What to do next; that nothing was imported, the test itself says.</summary>
    private string? Closing() => _sends && _steps.TrueForAll(step => step.State is StepState.Done)
        ? AccountWords.Text(AccountsText.TestSent, _recipient.Trim())
        : null;
}
