using System.Globalization;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Comparison;
using Enneo.Core.Mailboxes;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;

namespace Enneo.Web.Comparison;

/// <summary>Settings → Lost-mail audit: a mailbox beside what another helpdesk has of it, for a team that tries Enneo.</summary>
public sealed partial class LostMailPage(
    LostMailAudit audit, HelpdeskListing listing, MailboxQueries mailboxes, BrowserTime time, NavigationManager navigation, IJSRuntime js, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    /// <summary>Bytes of a list: some 800,000 mails.</summary>
    private const long MaxFile = 200_000_000;

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<MailboxListing>? _mailboxes;
    private IReadOnlyList<string> _problems = [];
    private LostMailReport? _report;
    private FindingKind _kind;
    private string _name = "";
    private long? _shown;
    private bool _busy;
    private bool _isRemoving;

    /// <summary>The id of the mailbox.</summary>
    [SupplyParameterFromQuery(Name = "mailbox")]
    public long? Opened { get; set; }

    private long? OpenedId => Opened ?? (_mailboxes is [var first, ..] ? first.Id : null);

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _mailboxes = await mailboxes.ListAsync(Reach.All, _closed.Token);
        await LoadAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_mailboxes is not null && _shown != OpenedId)
        {
            await LoadAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await time.AskAsync(js, _closed.Token);
            StateHasChanged();
        }
    }

    private static IReadOnlyList<Finding> Of(LostMailReport report, FindingKind kind) => [.. report.Result.Findings.Where(finding => finding.Kind == kind)];

    private static string Say(string text, params object?[] values) => string.Format(CultureInfo.CurrentCulture, text, values);

    private IReadOnlyList<Finding> Shown(LostMailReport report) => Of(report, _kind);

    private async Task LoadAsync()
    {
        (_shown, _isRemoving) = (OpenedId, false);
        _report = OpenedId is { } id ? await audit.RunAsync(id, LostMailAudit.Tolerance, await Admin.GetAsync(authentication), _closed.Token) : null;
        _name = _report?.List.Name ?? _name;
    }

    private void Choose(ChangeEventArgs change)
    {
        _problems = [];
        navigation.NavigateTo(Urls.LostMailOf(long.Parse((string)change.Value!, CultureInfo.InvariantCulture)));
    }

    private async Task RemoveAsync()
    {
        _busy = true;
        await listing.RemoveAsync(OpenedId!.Value, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        await LoadAsync();
        _busy = false;
    }

    private async Task TakeAsync(InputFileChangeEventArgs chosen)
    {
        (_busy, _problems) = (true, []);
        try
        {
            await using var content = chosen.File.OpenReadStream(MaxFile, _closed.Token);
            var file = await HelpdeskCsv.ReadAsync(content, _closed.Token);
            _problems = file.Problems;
            if (file.Rows.Count > 0)
            {
                var name = string.IsNullOrWhiteSpace(_name) ? LostMailText.OtherHelpdesk : _name;
                var listed = await listing.RunAsync(OpenedId!.Value, name, file.Rows, replaces: true, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
                _problems = [.. file.Problems, .. listed.Errors.SelectMany(error => error.Value)];
                await LoadAsync();
            }
        }
        catch (IOException)
        {
            _problems = [LostMailText.FileTooLarge];
        }
        finally
        {
            _busy = false;
        }
    }
}
