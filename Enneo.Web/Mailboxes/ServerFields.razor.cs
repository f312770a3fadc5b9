using Enneo.Core.Connections;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>One of the two servers of a mailbox in the form.</summary>
public sealed partial class ServerFields : ComponentBase
{
    [Parameter, EditorRequired]
    public required ServerDraft Server { get; set; }

    /// <summary><c>data.imap</c> or <c>data.smtp</c>.</summary>
    [Parameter, EditorRequired]
    public required string Path { get; set; }

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>What is wrong, by field.</summary>
    [Parameter, EditorRequired]
    public required Func<string, IReadOnlyList<string>> Errors { get; set; }

    [Parameter]
    public EventCallback<string> OnLeft { get; set; }

    /// <summary>Something was typed or chosen.</summary>
    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Parameter]
    public bool ShowSignIn { get; set; } = true;

    [Parameter]
    public bool PasswordStored { get; set; }

    [Parameter]
    public string? UserPlaceholder { get; set; }

    /// <summary>Stands between the server and the sign-in.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>Implicit TLS first, as RFC 8314, section 3, wants it.</summary>
    private static IReadOnlyList<(string, string)> Securities =>
    [
        (nameof(ConnectionSecurity.Tls), AccountsText.SecurityTls),
        (nameof(ConnectionSecurity.StartTls), AccountsText.SecurityStartTls),
        (nameof(ConnectionSecurity.None), AccountsText.SecurityNone),
    ];

    /// <summary>In groups, so that people can compare it.</summary>
    private string Fingerprint => string.Join(' ', Server.TrustedCertificate.Replace(":", "", StringComparison.Ordinal).Chunk(4).Select(four => new string(four)));

    private IReadOnlyList<string> ErrorsOf(string field) => Errors($"{Path}.{field}");

    private Task SecureAsync(string security)
    {
        Server.Security = Enum.Parse<ConnectionSecurity>(security);
        return ChangedAsync();
    }

    private Task DistrustAsync()
    {
        Server.TrustedCertificate = "";
        return ChangedAsync();
    }

    private Task ChangedAsync() => OnChanged.InvokeAsync();
}
