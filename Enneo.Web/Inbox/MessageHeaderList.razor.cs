using System.Data.Common;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>All fields of a mail's header, decoded.</summary>
public sealed partial class MessageHeaderList(MessageReader reader, CurrentReach reach) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<MessageHeader>? _headers;
    private bool _failed;

    [Parameter, EditorRequired]
    public long MessageId { get; set; }

    private bool Empty => _headers is { Count: 0 };

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _headers = await reader.FindHeadersAsync(await reach.NowAsync(_closed.Token), MessageId, _closed.Token);
        }
        catch (Exception exception) when (exception is DbException or IOException or CorruptSourceException)
        {
            _failed = true;
        }
    }
}
