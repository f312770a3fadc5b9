using Enneo.Core.Templates;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Templates;

/// <summary>A template is chosen for what is being written: words narrow them down, Enter takes the first.</summary>
public sealed partial class TemplatePicker(TemplateQueries queries, CurrentReach reach, InboxScript script) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private ElementReference _dialog;
    private IReadOnlyList<AnswerTemplate>? _templates;
    private string _words = "";

    /// <summary>From which the answer goes out.</summary>
    [Parameter, EditorRequired]
    public long MailboxId { get; set; }

    /// <summary>The id of a template.</summary>
    [Parameter]
    public EventCallback<long> Chosen { get; set; }

    [Parameter]
    public EventCallback Cancelled { get; set; }

    private List<AnswerTemplate> Shown => [.. (_templates ?? []).Where(template =>
        _words.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
            template.Name.Contains(word, StringComparison.CurrentCultureIgnoreCase) || template.Text.Contains(word, StringComparison.CurrentCultureIgnoreCase)))];

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync() => _templates = await queries.OfMailboxAsync(await reach.NowAsync(_closed.Token), MailboxId, _closed.Token);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await script.ShowModalAsync(_dialog);
        }
    }

    private Task ChooseFirstAsync() => Shown is [var first, ..] ? Chosen.InvokeAsync(first.Id) : Task.CompletedTask;
}
