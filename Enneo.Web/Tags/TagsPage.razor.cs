using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Conditions;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tags;
using Enneo.Core.Tags.Detection;
using Enneo.Web.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Tags;

/// <summary>Settings → Skills &amp; routing: the tree of tags, and one of them opened to change it.</summary>
public sealed partial class TagsPage(
    TagQueries queries,
    TagEditing editing,
    TagModels models,
    ConditionTrial trial,
    MailboxQueries mailboxes,
    Accounts accounts,
    LiveFeed feed,
    NavigationManager navigation,
    AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private const string Origin = "web";
    private const string NewTag = "new";

    private static readonly Dictionary<string, string[]> s_noProblems = [];

    private readonly CancellationTokenSource _closed = new();
    private IDisposable? _subscription;
    private IReadOnlyList<TagListing>? _tags;
    private IReadOnlyList<MailboxListing> _mailboxes = [];
    private IReadOnlyList<Person> _people = [];
    private IReadOnlyDictionary<string, string[]> _problems = s_noProblems;
    private Tag? _tag;
    private TagDraft? _draft;
    private TagModelState? _model;
    private TrialResult? _trial;
    private string? _said;
    private string? _shown;
    private bool _busy;
    private int _edition;

    /// <summary>The id of the tag that is open, or "new".</summary>
    [SupplyParameterFromQuery(Name = "tag")]
    public string? Opened { get; set; }

    private bool IsPanelOpen => !string.IsNullOrEmpty(Opened);

    private bool IsNew => Opened == NewTag;

    private long? OpenedId => long.TryParse(Opened, CultureInfo.InvariantCulture, out var id) ? id : null;

    public void Dispose()
    {
        _subscription?.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _mailboxes = await mailboxes.ListAsync(Reach.All, _closed.Token);
        _people = await accounts.ListAsync(_closed.Token);
        _tags = await queries.ListAsync(_closed.Token);
        if (RendererInfo.IsInteractive)
        {
            _subscription = feed.Subscribe(entries =>
            {
                if (entries.Any(entry => entry.Kind is ActivityKind.TagAdded or ActivityKind.TagChanged or ActivityKind.TagRemoved))
                {
                    _ = InvokeAsync(RefreshAsync);
                }
            });
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Opened)
        {
            (_shown, _said, _problems, _trial, _model, _tag, _draft) = (Opened, null, s_noProblems, null, null, null, null);
            await OpenAsync();
        }
    }

    private async Task OpenAsync()
    {
        _tag = OpenedId is { } id ? await queries.FindAsync(id, _closed.Token) : null;
        _draft = _tag is { } tag ? TagDraft.Of(tag) : IsNew ? new TagDraft() : null;
        _edition++;
        _model = _tag is { Detection: TagDetectionMode.Ai or TagDetectionMode.AiAndConditions or TagDetectionMode.AiOrConditions } learning
            ? await models.StateAsync(learning.Id, _closed.Token)
            : null;
    }

    private Task SaveAsync(TagDraft draft) => DoAsync(async actor =>
    {
        var result = _tag is { } tag
            ? await editing.UpdateAsync(tag.Id, draft.ToInput(), actor, Origin, _closed.Token)
            : await editing.AddAsync(draft.ToInput(), actor, Origin, _closed.Token);
        _problems = result.Errors;
        if (result.TagId is not { } saved)
        {
            return;
        }

        if (IsNew)
        {
            navigation.NavigateTo(Urls.Tag(saved));
        }
        else
        {
            await OpenAsync();
            _said = TagsText.Saved;
        }
    });

    private Task MoveAsync((TagListing Tag, int Position) moved) => DoAsync(async actor =>
        _problems = (await editing.MoveAsync(moved.Tag.Id, moved.Tag.ParentId, moved.Position, actor, Origin, _closed.Token)).Errors);

    private Task DeleteAsync() => DoAsync(async actor =>
    {
        await editing.DeleteAsync(_tag!.Id, actor, Origin, _closed.Token);
        navigation.NavigateTo(Urls.Tags);
    });

    /// <summary>What is being edited, not what is stored.</summary>
    private Task TryAsync(TagDraft draft) => DoAsync(async _ =>
    {
        var conditions = draft.Conditions.ToGroup();
        var result = await new ConditionGroupValidator().ValidateAsync(conditions, _closed.Token);
        _problems = result.IsValid ? s_noProblems : new Dictionary<string, string[]> { ["conditions"] = [.. result.Errors.Select(error => error.ErrorMessage)] };
        _trial = result.IsValid ? await trial.RunAsync(Reach.All, conditions, draft.MailboxIds, _closed.Token, OpenedId) : null;
    });

    private async Task DoAsync(Func<Actor, Task> act)
    {
        (_busy, _said, _problems) = (true, null, s_noProblems);
        try
        {
            await act(Actor.User(SessionClaims.UserIdOf((await authentication.GetAuthenticationStateAsync()).User)));
            _tags = await queries.ListAsync(_closed.Token);
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            _tags = await queries.ListAsync(_closed.Token);
            StateHasChanged();
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException && _closed.IsCancellationRequested)
        {
            // The page was left meanwhile.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }
}
