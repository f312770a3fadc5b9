using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Api;

/// <summary>A program of its own, with its log, which tests may press hard.</summary>
public sealed class PressedHouse : IAsyncLifetime
{
    /// <summary>Bytes of large bodies that it reads at the same time.</summary>
    public const int Room = 1_000_000;

    private ApiClient? _api;

    public EnneoApp App { get; } = new()
    {
        Settings = new Dictionary<string, string>
        {
            ["Logging:LogLevel:Default"] = "Trace",
            ["Logging:LogLevel:Microsoft"] = "Warning",
            ["Logging:LogLevel:Microsoft.AspNetCore.Hosting"] = "Information", // names each request
            ["Logging:Console:LogLevel:Default"] = "None",
            ["Enneo:Api:BodyBytesAtOnce"] = Room.ToString(CultureInfo.InvariantCulture),
        },
    };

    public ApiClient Api => _api!;

    public string Secret { get; private set; } = "";

    internal LogLines Log { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await App.InitializeAsync();
        App.Get<ILoggerFactory>().AddProvider(Log);
        Secret = (await KeyAsync()).Secret!;
        _api = new ApiClient(App.Address, Secret);
    }

    public async Task<ApiKeyResult> KeyAsync()
    {
        var admin = (await App.Get<Accounts>().FindAsync(EnneoStore.PersonEmail, TestContext.Current.CancellationToken))!.Value;
        return await App.Get<ApiKeyEditing>().AddServiceAsync(
            new NewApiKey("Program", ApiScopes.Read | ApiScopes.Write | ApiScopes.Send | ApiScopes.Admin), Actor.User(admin), "test", TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        await App.DisposeAsync();
        Log.Dispose();
    }
}
