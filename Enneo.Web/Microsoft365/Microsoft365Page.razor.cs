using Enneo.Core.Identity;
using Enneo.Core.Microsoft365;
using Enneo.Core.Microsoft365.Checks;
using Enneo.Core.OAuth;
using Enneo.Web.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;

namespace Enneo.Web.Microsoft365;

/// <summary>Settings → Microsoft 365: leads an admin through the registration of this installation, once.</summary>
public sealed partial class Microsoft365Page(
    Microsoft365SettingsEditing editing,
    RegistrationCheck check,
    AccountConnecting connecting,
    RedirectAddress redirect,
    Sessions sessions,
    IJSRuntime script,
    AuthenticationStateProvider authentication,
    NavigationManager navigation) : ComponentBase, IDisposable
{
    private const string Module = "./js/copy.js";
    private const long MaxCertificate = 100_000;
    private const string Outlook = "https://outlook.office.com";
    private const string ApplicationOutlook = "https://outlook.office365.com";

    private static readonly IReadOnlyDictionary<string, string[]> s_noProblems = new Dictionary<string, string[]>();

    private readonly CancellationTokenSource _closed = new();
    private ElementReference _copy;
    private Microsoft365View? _shown;
    private IReadOnlyDictionary<string, string[]> _problems = s_noProblems;
    private string? _tenant;
    private string? _clientId;
    private string? _secret;
    private byte[]? _certificate;
    private string? _certificatePassword;
    private DateOnly? _expires;
    private Cloud _cloud;
    private string? _authority;
    private string? _graph;
    private string? _imap;
    private string? _smtp;
    private string? _fingerprint;
    private string? _consentLink;
    private string? _said;
    private IReadOnlyList<CheckFinding> _findings = [];
    private bool _busy;
    private bool _watched;
    private PeopleLogins _people = new();
    private bool _keepsRoad;
    private bool _asksDay;
    private bool _endsAlike;
    private bool _asksTrust;
    private string? _compared;
    private bool _endsSignIns;
    private bool _leavesTenant;

    private static IReadOnlyList<(string Name, string Why)> Permissions =>
    [
        ("IMAP.AccessAsUser.All", SetupText.WhyImap),
        ("SMTP.Send", SetupText.WhySmtp),
        ("Mail.ReadWrite", SetupText.WhyReadWrite),
        ("Mail.Send", SetupText.WhySend),
        ("Mail.Send.Shared, Mail.ReadWrite.Shared", SetupText.WhyShared),
        ("User.Read", SetupText.WhyUser),
        ("offline_access", SetupText.WhyOffline),
        ("openid, profile", SetupText.WhyOpenId),
    ];

    /// <summary>That the fingerprint as it stands here was compared.</summary>
    private bool TrustsNew
    {
        get => _compared is not null && _compared == (_fingerprint ?? "");
        set => _compared = value ? _fingerprint ?? "" : null;
    }

    private Microsoft365Input Wanted => new()
    {
        Tenant = _tenant ?? "",
        ClientId = _clientId ?? "",
        Secret = string.IsNullOrEmpty(_secret) ? null : _secret,
        Certificate = _certificate,
        CertificatePassword = _certificatePassword,
        ExpiresAt = _expires is { } day ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null,
        Cloud = _cloud,
        People = _people,
        KeepsRoad = _keepsRoad,
        EndsAlike = _endsAlike,
        ComparedCertificate = _compared,
        EndsSignIns = _endsSignIns,
        LeavesTenant = _leavesTenant,
        Own = _cloud is Cloud.Own ? new CloudAddresses(_authority ?? "", _graph ?? "", Outlook, ApplicationOutlook, _imap ?? "", _smtp ?? "", _fingerprint) : null,
    };

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override Task OnInitializedAsync() => ShowAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_shown is null || _watched)
        {
            return;
        }

        _watched = true;
        try
        {
            await using var module = await script.InvokeAsync<IJSObjectReference?>("import", _closed.Token, Module);
            if (module is not null)
            {
                await module.InvokeVoidAsync("watch", _closed.Token, _copy);
            }
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            // Nobody looks any more.
        }
    }

    private async Task ShowAsync()
    {
        _shown = await editing.FindAsync(_closed.Token);
        var settings = _shown.Settings;
        (_tenant, _clientId, _cloud, _secret, _certificate, _certificatePassword) = (settings.Tenant, settings.ClientId, settings.Cloud, null, null, null);
        _expires = settings.ExpiresAt is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null;
        (_people, _keepsRoad, _endsSignIns, _leavesTenant) = (settings.People, settings.KeepsRoad, false, false);
        if (settings.Own is { } own)
        {
            (_authority, _graph, _imap, _smtp, _fingerprint) = (own.Authority, own.Graph, own.Imap, own.Smtp, own.TrustedCertificate);
        }

        _consentLink = (await connecting.ConsentLinkAsync(redirect.Uri, _closed.Token))?.ToString();
    }

    private Task SaveAsync() => DoAsync(async () =>
    {
        if (await Admin.ProvenAsync(authentication, sessions, _closed.Token) is not { } actor)
        {
            navigation.NavigateTo(Urls.ProofFor(Urls.Microsoft365), forceLoad: true);
            return;
        }

        _problems = await editing.SaveAsync(Wanted, actor, Admin.Origin, _closed.Token);
        (_asksDay, _asksTrust) = (_problems.ContainsKey("expiresAt"), _problems.ContainsKey("certificateTrust"));
        (_endsAlike, _compared) = (_asksDay && _endsAlike, _asksTrust ? _compared : null); // what was said counts for what was asked
        if (_problems.Count == 0)
        {
            await ShowAsync();
            _said = SetupText.Saved;
        }
    });

    private Task CheckAsync() => DoAsync(async () => _findings = await check.RunAsync(redirect.Uri, _closed.Token));

    private static string MarkOf(CheckState state) => state switch { CheckState.Good => "✓", CheckState.Bad => "✗", _ => "?" };

    private async Task ChooseAsync(InputFileChangeEventArgs chosen)
    {
        if (chosen.File.Size > MaxCertificate)
        {
            _problems = new Dictionary<string, string[]> { ["certificate"] = [SetupText.CertificateTooLarge] };
            return;
        }

        using MemoryStream bytes = new();
        await using var file = chosen.File.OpenReadStream(MaxCertificate, _closed.Token);
        await file.CopyToAsync(bytes, _closed.Token);
        _certificate = bytes.ToArray();
    }

    private async Task DoAsync(Func<Task> act)
    {
        (_busy, _said, _problems, _findings) = (true, null, s_noProblems, []);
        try
        {
            await act();
        }
        finally
        {
            _busy = false;
        }
    }
}
