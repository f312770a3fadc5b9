using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Templates;
using Enneo.Web.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Templates;

/// <summary>Settings → Templates: texts that are written again and again.</summary>
public sealed partial class TemplatesPage(
    TemplateQueries queries, TemplateEditing editing, MailboxQueries mailboxes, NavigationManager navigation, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private const string NewTemplate = "new";

    private static readonly Dictionary<string, string[]> s_noProblems = [];

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<AnswerTemplate>? _templates;
    private IReadOnlyList<MailboxListing> _mailboxes = [];
    private IReadOnlyDictionary<string, string[]> _problems = s_noProblems;
    private TemplateDraft? _draft;
    private string? _said;
    private string? _shown;
    private bool _busy;
    private int _edition;

    /// <summary>The id of the template that is open, or "new".</summary>
    [SupplyParameterFromQuery(Name = "template")]
    public string? Opened { get; set; }

    private bool IsPanelOpen => !string.IsNullOrEmpty(Opened);

    private long? OpenedId => long.TryParse(Opened, CultureInfo.InvariantCulture, out var id) ? id : null;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _mailboxes = await mailboxes.ListAsync(Reach.All, _closed.Token);
        await LoadAsync();
        Open();
    }

    protected override void OnParametersSet()
    {
        if (_shown != Opened && _templates is not null)
        {
            Open();
        }
    }

    private void Open()
    {
        (_shown, _problems, _said) = (Opened, s_noProblems, null);
        _edition++;
        _draft = Opened == NewTemplate ? new TemplateDraft()
            : _templates!.FirstOrDefault(template => template.Id == OpenedId) is { } template ? TemplateDraft.Of(template)
            : null;
    }

    private async Task LoadAsync() => _templates = await queries.ListAsync(Reach.All, _closed.Token);

    /// <summary>Such as "all mailboxes" or "Support, Sales".</summary>
    private string MailboxesOf(AnswerTemplate template) => template.MailboxIds.Count == 0
        ? TemplatesText.OfAll
        : string.Join(", ", _mailboxes.Where(mailbox => template.AppliesTo(mailbox.Id)).Select(mailbox => mailbox.Name));

    private Task SaveAsync() => DoAsync(async actor =>
    {
        if (_draft!.ToInput() is not { } input)
        {
            _problems = new Dictionary<string, string[]> { ["mailboxIds"] = [TemplatesText.MailboxMissing] };
            return;
        }

        var isNew = OpenedId is null;
        var result = OpenedId is { } id
            ? await editing.UpdateAsync(id, input, actor, Admin.Origin, _closed.Token)
            : await editing.AddAsync(input, actor, Admin.Origin, _closed.Token);
        _problems = result.Errors;
        if (result.TemplateId is { } saved)
        {
            _said = TemplatesText.Saved;
            if (isNew)
            {
                await LoadAsync();
                navigation.NavigateTo(Urls.Template(saved));
            }
        }
    });

    private Task RemoveAsync() => DoAsync(async actor =>
    {
        await editing.RemoveAsync(OpenedId!.Value, actor, Admin.Origin, _closed.Token);
        navigation.NavigateTo(Urls.Templates);
    });

    private async Task DoAsync(Func<Actor, Task> act)
    {
        (_busy, _said, _problems) = (true, null, s_noProblems);
        try
        {
            await act(await Admin.GetAsync(authentication));
            await LoadAsync();
        }
        finally
        {
            _busy = false;
        }
    }
}
