using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Spam.Settings;

/// <summary>On a mailbox's page: whose mail the rule about mass mail would hide, so that it can be switched before it is missed.</summary>
public sealed partial class MassMailTrialPanel(MassMailTrial trial, MailboxSpamEditing editing, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private const string Hide = "hide";
    private const string Tag = "tag";
    private const string Off = "off";
    private const int Listed = 20;

    private readonly CancellationTokenSource _closed = new();
    private MassMailTrialResult? _result;
    private MailboxSpam? _spam;
    private bool _isSaved;
    private bool _busy;

    [Parameter, EditorRequired]
    public required long MailboxId { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        await LoadAsync();
        if (RendererInfo.IsInteractive) // it takes a moment, and once is enough
        {
            await TryAsync();
        }
    }

    private static string Chosen(MailboxSpam spam) => !spam.BulkRule ? Off : spam.BulkTagsOnly ? Tag : Hide;

    private static string SenderWords(TrialSender sender) =>
        SpamWords.Words(SpamText.TrialSender, sender.Name.Length > 0 ? $"{sender.Name} <{sender.Address}>" : sender.Address, sender.Mails);

    private async Task LoadAsync() => _spam = (await editing.ListAsync(_closed.Token)).FirstOrDefault(mailbox => mailbox.Id == MailboxId)?.Spam;

    private async Task TryAsync()
    {
        _busy = true;
        try
        {
            _result = await trial.RunAsync(MailboxId, _closed.Token);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more.
        }

        _busy = false;
    }

    private async Task SetAsync(ChangeEventArgs change)
    {
        var rules = change.Value?.ToString() switch
        {
            Off => new SpamRuleWishes { Bulk = false },
            Tag => new SpamRuleWishes { Bulk = true, BulkTagsOnly = true },
            _ => new SpamRuleWishes { Bulk = true, BulkTagsOnly = false },
        };
        await editing.SetAsync(MailboxId, new SpamWishes { Rules = rules }, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        await LoadAsync();
        _isSaved = true;
    }
}
