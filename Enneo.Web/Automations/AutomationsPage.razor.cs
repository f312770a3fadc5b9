using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Conditions;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tags;
using Enneo.Core.Tags.Detection;
using Enneo.Core.Templates;
using Enneo.Web.Identity;
using Enneo.Web.Shell;
using Enneo.Web.Tags;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Automations;

/// <summary>Settings → Automations: what is done by itself, in order, and what mailboxes answer by themselves.</summary>
public sealed partial class AutomationsPage(
    AutomationQueries queries,
    AutomationEditing editing,
    ConditionTrial trial,
    TagQueries tags,
    TemplateQueries templates,
    MailboxQueries mailboxes,
    Accounts accounts,
    NavigationManager navigation,
    AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private const string Origin = "web";
    private const string NewAutomation = "new";

    private static readonly Dictionary<string, string[]> s_noProblems = [];

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<Automation>? _automations;
    private IReadOnlyList<MailboxAutoReply> _replies = [];
    private IReadOnlyList<TagListing> _tags = [];
    private IReadOnlyList<AnswerTemplate> _templates = [];
    private IReadOnlyList<MailboxListing> _mailboxes = [];
    private IReadOnlyList<Person> _people = [];
    private IReadOnlyDictionary<string, string[]> _problems = s_noProblems;
    private AutomationDraft? _draft;
    private TrialResult? _trial;
    private string? _said;
    private string? _shown;
    private bool _busy;
    private int _edition;

    /// <summary>The id of the automation that is open, or "new".</summary>
    [SupplyParameterFromQuery(Name = "automation")]
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
        _people = await accounts.ListAsync(_closed.Token);
        _tags = await tags.ListAsync(_closed.Token);
        _templates = await templates.ListAsync(Reach.All, _closed.Token);
        _replies = await queries.AutoRepliesAsync(Reach.All, _closed.Token);
        _automations = await queries.ListAsync(_closed.Token);
        Open();
    }

    protected override void OnParametersSet()
    {
        if (_shown != Opened && _automations is not null)
        {
            Open();
        }
    }

    private void Open()
    {
        (_shown, _said, _problems, _trial) = (Opened, null, s_noProblems, null);
        _edition++;
        _draft = Opened == NewAutomation ? new AutomationDraft()
            : _automations!.FirstOrDefault(automation => automation.Id == OpenedId) is { } automation ? AutomationDraft.Of(automation)
            : null;
    }

    private Task SaveAsync(AutomationDraft draft) => DoAsync(async actor =>
    {
        var result = OpenedId is { } id
            ? await editing.UpdateAsync(id, draft.ToInput(), actor, Origin, _closed.Token)
            : await editing.AddAsync(draft.ToInput(), actor, Origin, _closed.Token);
        _problems = result.Errors;
        if (result.AutomationId is not null)
        {
            navigation.NavigateTo(Urls.Automations);
        }
    });

    private Task MoveAsync(long automationId, int position) => DoAsync(actor => editing.MoveAsync(automationId, position, actor, Origin, _closed.Token));

    private Task DeleteAsync() => DoAsync(async actor =>
    {
        await editing.DeleteAsync(OpenedId!.Value, actor, Origin, _closed.Token);
        navigation.NavigateTo(Urls.Automations);
    });

    private Task SaveReplyAsync(long mailboxId, (bool IsEnabled, string Text) reply) => DoAsync(async actor =>
        _said = await editing.SetAutoReplyAsync(mailboxId, reply.IsEnabled, reply.Text, actor, Origin, _closed.Token) ? TagsText.Saved : AutomationsText.ReplyMissing);

    private Task TryAsync(AutomationDraft draft) => DoAsync(async _ =>
    {
        var conditions = draft.Conditions.ToGroup();
        var result = await new ConditionGroupValidator().ValidateAsync(conditions, _closed.Token);
        _problems = result.IsValid ? s_noProblems : new Dictionary<string, string[]> { ["conditions"] = [.. result.Errors.Select(error => error.ErrorMessage)] };
        _trial = result.IsValid ? await trial.RunForAutomationAsync(Reach.All, conditions, draft.MailboxIds, _closed.Token) : null;
    });

    private async Task DoAsync(Func<Actor, Task> act)
    {
        (_busy, _said, _problems) = (true, null, s_noProblems);
        try
        {
            await act(Actor.User(SessionClaims.UserIdOf((await authentication.GetAuthenticationStateAsync()).User)));
            _automations = await queries.ListAsync(_closed.Token);
        }
        finally
        {
            _busy = false;
        }
    }
}
