using System.Globalization;
using Enneo.Core.Sending;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>From, To, Cc and Bcc of the mail being written; what is empty and seldom needed waits behind a button.</summary>
public sealed partial class ComposerHead : ComponentBase
{
    private readonly string _id = $"sender-{Guid.NewGuid():N}";
    private AddressField? _toField;
    private AddressField? _ccField;
    private AddressField? _bccField;
    private bool _showsCc;
    private bool _showsBcc;

    [Parameter, EditorRequired]
    public required MailHead Head { get; set; }

    [Parameter]
    public EventCallback<MailHead> HeadChanged { get; set; }

    /// <summary>The addresses to choose from.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<SenderChoice> Senders { get; set; }

    /// <summary>What was typed and is no address.</summary>
    public string Unfinished => string.Join(", ", new[] { _toField, _ccField, _bccField }.Select(entry => entry?.Unfinished ?? "").Where(text => text.Length > 0));

    /// <summary>Takes what is typed and not yet entered: a mail may be sent by keys from within a line.</summary>
    public async Task CommitAsync()
    {
        foreach (var entry in new[] { _toField, _ccField, _bccField })
        {
            await (entry?.CommitAsync() ?? Task.CompletedTask);
        }
    }

    private bool ShowsCc => _showsCc || Head.Cc.Count > 0;

    private bool ShowsBcc => _showsBcc || Head.Bcc.Count > 0;

    private string From => string.Format(CultureInfo.CurrentCulture, InboxText.FromAddress, Head.From.Address.Address);

    private static string Words(SenderChoice sender) => $"{sender.Address.Name} <{sender.Address.Address}>";

    private Task ChooseAsync(ChangeEventArgs change) =>
        int.TryParse(change.Value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < Senders.Count
            ? ChangeAsync(Head with { From = Senders[index] })
            : Task.CompletedTask;

    private Task ChangeAsync(MailHead head) => HeadChanged.InvokeAsync(head);
}
