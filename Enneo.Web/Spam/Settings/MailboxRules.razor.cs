using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Spam.Settings;

/// <summary>What each mailbox looks at, and what it does on its server.</summary>
public sealed partial class MailboxRules(MailboxSpamEditing editing, SpamSettingsEditing settings, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<MailboxSpamView> _mailboxes = [];
    private IReadOnlyList<string> _feedbackIds = [];
    private bool _isSaved;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _mailboxes = await editing.ListAsync(_closed.Token);
        _feedbackIds = await settings.FeedbackIdsAsync(_closed.Token);
    }

    private static (string Name, bool IsOn, Func<bool, SpamWishes> Wish)[] Switches(MailboxSpam spam) =>
    [
        (SpamText.UseHeaders, spam.Headers, isOn => new() { Headers = isOn }),
        (SpamText.UseSpamAssassin, spam.SpamAssassinRule, isOn => new() { Rules = new() { SpamAssassin = isOn } }),
        (SpamText.UseExchange, spam.ExchangeRule, isOn => new() { Rules = new() { Exchange = isOn } }),
        (SpamText.UseDmarc, spam.DmarcRule, isOn => new() { Rules = new() { Dmarc = isOn } }),
        (SpamText.UseModel, spam.Model, isOn => new() { Ai = isOn }),
        (SpamText.JunkMovesCount, spam.JunkMovesCount, isOn => new() { JunkMovesCount = isOn }),
    ];

    private static SpamWishes Moves(string? value) => new() { JunkMoves = Enum.TryParse<JunkMoves>(value, out var moves) ? moves : JunkMoves.ByPeople };

    private static SpamWishes Digests(string? value) => new() { Digests = Enum.TryParse<SpamDigest>(value, out var digest) ? digest : SpamDigest.FirstDays };

    private async Task SetAsync(long mailboxId, SpamWishes wishes)
    {
        await editing.SetAsync(mailboxId, wishes, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        _mailboxes = await editing.ListAsync(_closed.Token);
        _isSaved = true;
    }

    private async Task SaveFeedbackIdsAsync(ChangeEventArgs change)
    {
        var ids = (change.Value?.ToString() ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        await settings.SaveFeedbackIdsAsync(ids, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        _feedbackIds = await settings.FeedbackIdsAsync(_closed.Token);
        _isSaved = true;
    }
}
