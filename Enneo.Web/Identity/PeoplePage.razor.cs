using Enneo.Core.Identity;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Identity;

public sealed partial class PeoplePage(Accounts accounts) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<Person>? _people;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync() => _people = await accounts.ListAsync(_closed.Token);
}
