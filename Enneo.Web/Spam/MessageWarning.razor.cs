using System.Data.Common;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Spam;

/// <summary>Says of a single mail of a conversation that it looks like spam, though the conversation is none.</summary>
public sealed partial class MessageWarning(SpamQueries queries, CurrentReach reach) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private SpamFinding? _finding;

    [Parameter, EditorRequired]
    public required long MessageId { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _finding = await queries.OfLaterMailAsync(await reach.NowAsync(_closed.Token), MessageId, _closed.Token);
        }
        catch (DbException)
        {
            _finding = null; // the conversation itself says what is wrong
        }
    }
}
