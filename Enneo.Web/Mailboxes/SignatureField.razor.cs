using System.Net;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>The signature or frame of a mailbox, and what a mail will look like with it: as it is sent, in a frame in which nothing runs.</summary>
public sealed partial class SignatureField : ComponentBase
{
    private const int MaxLength = MailTemplate.MaxLength;

    [Parameter, EditorRequired]
    public required string Value { get; set; }

    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    /// <summary>Where the sample mail comes from.</summary>
    [Parameter]
    public string Address { get; set; } = "";

    [Parameter]
    public IReadOnlyList<string> Errors { get; set; } = [];

    private string Preview
    {
        get
        {
            var sample = $"<div>{WebUtility.HtmlEncode(AccountsText.SampleText)}</div>";
            var filled = MailTemplate.Fill(Value, sample, AccountsText.SampleName, Address);
            return MailDocument.Build(new SafeHtml(MailTemplate.IsSignature(Value) ? $"{sample}<br><div>{filled}</div>" : filled, 0), isPlainText: false, MailTheme.Light);
        }
    }

    private Task ChangeAsync(string? value) => ValueChanged.InvokeAsync(value ?? "");
}
