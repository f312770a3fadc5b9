using System.Globalization;
using Enneo.Core.Identity;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Web.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Enneo.Web.Microsoft365;

/// <summary>Access of the app itself in place of a person's, with what an Exchange administrator has to run for it.</summary>
public sealed partial class ApplicationAccess(
    ApplicationConnecting connecting, Sessions sessions, AuthenticationStateProvider authentication, NavigationManager navigation, IJSRuntime script) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private ElementReference _script;
    private ElementReference _graphScript;
    private const string ScopeBegins = "Enneo ";

    /// <summary>Characters of a name in Exchange.</summary>
    private const int LongestScope = 64;

    private bool _busy;

    /// <summary>Of the mailbox.</summary>
    [Parameter, EditorRequired]
    public required string Address { get; set; }

    [Parameter, EditorRequired]
    public required string ClientId { get; set; }

    /// <summary>Told how it ended.</summary>
    [Parameter]
    public EventCallback<ConnectProgress> OnEnded { get; set; }

    private string Named => Address.Length > 0 ? Address : "support@example.com";

    private string Script => string.Format(CultureInfo.InvariantCulture, ConnectText.ApplicationCommands, Quoted(ClientId), Quoted(Named), Quoted($"AppId eq {Quoted(ClientId)}"));

    private string GraphScript => string.Format(CultureInfo.InvariantCulture, ConnectText.ApplicationGraphCommands, Quoted(Named), Quoted(Scope), Quoted($"PrimarySmtpAddress -eq {Quoted(Named)}"));

    private string Scope => Named.Length + ScopeBegins.Length <= LongestScope ? ScopeBegins + Named : ScopeBegins + Named[..(LongestScope - ScopeBegins.Length)];

    /// <summary>As PowerShell, and the filters of Exchange and Graph, write a text in which nothing is to be replaced.</summary>
    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await CopyButtons.WatchAsync(script, _script, _graphScript);
        }
    }

    /// <summary>For who gave a proof a moment ago, since a browser may stand open where others pass.</summary>
    private async Task ConnectAsync()
    {
        if (await Admin.ProvenAsync(authentication, sessions, _closed.Token) is null)
        {
            navigation.NavigateTo(Urls.ProofFor(new Uri(navigation.Uri).PathAndQuery), forceLoad: true);
            return;
        }

        _busy = true;
        await OnEnded.InvokeAsync(await connecting.ConnectAsync(Address, _closed.Token));
        _busy = false;
    }
}
