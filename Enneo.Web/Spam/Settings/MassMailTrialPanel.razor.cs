using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Spam.Settings;

/// <summary>
/// What a mailbox does with mass mail. Before it hides, or tags, more than until now, it was seen whose mail that would be:
/// on a mailbox's own page at once, else as soon as somebody wants it.
/// </summary>
public sealed partial class MassMailTrialPanel(MassMailTrial trial, MailboxSpamEditing editing, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private const string Hide = "hide";
    private const string Tag = "tag";
    private const string Off = "off";
    private const int Listed = 20;

    private readonly CancellationTokenSource _closed = new();
    private MassMailTrialResult? _result;
    private MailboxSpam? _spam;
    private string? _wanted;
    private bool _isSaved;
    private bool _busy;

    [Parameter, EditorRequired]
    public required long MailboxId { get; set; }

    /// <summary>It stands among other settings, and tries nothing before somebody asks.</summary>
    [Parameter]
    public bool IsPart { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        await LoadAsync();
        if (RendererInfo.IsInteractive && !IsPart) // it takes a moment, and once is enough
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

    /// <summary>How much it hides.</summary>
    private static int Strength(string choice) => choice switch { Off => 0, Tag => 1, _ => 2 };

    private async Task ChooseAsync(ChangeEventArgs change)
    {
        var wanted = change.Value?.ToString() ?? Hide;
        _isSaved = false;
        if (_result is null && Strength(wanted) > Strength(Chosen(_spam!)))
        {
            _wanted = wanted;
            await TryAsync();
        }
        else
        {
            await SaveAsync(wanted);
        }
    }

    private async Task SaveAsync(string wanted)
    {
        var rules = wanted switch
        {
            Off => new SpamRuleWishes { Bulk = false },
            Tag => new SpamRuleWishes { Bulk = true, BulkTagsOnly = true },
            _ => new SpamRuleWishes { Bulk = true, BulkTagsOnly = false },
        };
        await editing.SetAsync(MailboxId, new SpamWishes { Rules = rules }, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        await LoadAsync();
        (_wanted, _isSaved) = (null, true);
    }
}
