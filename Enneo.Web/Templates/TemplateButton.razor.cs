using Enneo.Core.Messages;
using Enneo.Core.Templates;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Templates;

/// <summary>HTML to be put into an answer, and the same for an editor of plain text.</summary>
public sealed record FilledTemplate(string Html, string Text);

/// <summary>Offers the templates of the mailbox beside an answer, and fills the one that is chosen.</summary>
public sealed partial class TemplateButton(TemplateFilling filling, MailHtml mailHtml) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private string? _problem;
    private bool _isOpen;

    [Parameter, EditorRequired]
    public long DraftId { get; set; }

    [Parameter, EditorRequired]
    public long AuthorId { get; set; }

    [Parameter, EditorRequired]
    public long MailboxId { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    [Parameter]
    public EventCallback<FilledTemplate> Inserted { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    private void Open() => (_isOpen, _problem) = (true, null);

    private async Task InsertAsync(long templateId)
    {
        _isOpen = false;
        if (await filling.ForDraftAsync(templateId, DraftId, AuthorId, _closed.Token) is { } html)
        {
            await Inserted.InvokeAsync(new FilledTemplate(html, mailHtml.ToText(html).TrimEnd()));
        }
        else
        {
            _problem = TemplatesText.Gone;
        }
    }
}
