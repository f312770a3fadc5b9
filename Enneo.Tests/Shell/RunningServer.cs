using System.Net;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Shell;

/// <summary>The real server on a data directory of its own, with one admin; one for a class of tests.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    public const string Email = EnneoStore.PersonEmail;
    public const string Password = EnneoStore.PersonPassword;

    private readonly TemporaryFolder _folder = new();
    private EnneoProcess? _process;

    public EnneoProcess Process => _process ?? throw new InvalidOperationException("The server is not running.");

    public string DataDirectory => _folder["data"];

    public async ValueTask InitializeAsync()
    {
        await EnneoStore.CopyFirstAsync(DataDirectory);
        _process = await EnneoProcess.StartAsync(DataDirectory, TestContext.Current.CancellationToken);
    }

    public async Task AddUserAsync(string email, string password, string role)
    {
        await using var store = EnneoStore.Open(DataDirectory);
        var added = await store.Get<Accounts>().AddAsync(new NewAccount(email, "", role, password), Actor.Operator, "command", TestContext.Current.CancellationToken);
        Assert.Null(added.Problem);
    }

    public WebVisitor Visit() => new(Process.Address);

    public async Task<WebVisitor> SignedInAsync(string email = Email, string password = Password)
    {
        var visitor = Visit();
        using var answer = await visitor.SignInAsync(email, password);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }
}
