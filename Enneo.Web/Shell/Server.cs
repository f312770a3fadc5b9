using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Web.Demo;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Enneo.Web.Shell;

/// <summary>The life of a server: the lock on its data, the database, the greeting, the wait.</summary>
internal sealed class Server(
    DataDirectory directory,
    DatabaseMigration migration,
    Accounts accounts,
    FirstRunCode firstRunCode,
    PublicAddress publicAddress,
    IConfiguration configuration,
    IServer listener)
{
    public async Task<int> RunAsync(WebApplication app, bool isDemo)
    {
        using var held = ServerLock.TryTake(directory);
        if (held is null)
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, ShellText.DirectoryInUse, directory.Path, directory.Lock)).Print();
        }

        if (ListeningTrial.ProblemWith(configuration[WebHostDefaults.ServerUrlsKey]) is { } taken)
        {
            return Refusal.Settings(taken).Print();
        }

        if (await migration.RunAsync(CancellationToken.None) is { } problem)
        {
            return Refusal.Because(problem).Print();
        }

        try
        {
            await app.StartAsync();
        }
        catch (OptionsValidationException exception)
        {
            return Refusal.Settings([.. exception.Failures]).Print();
        }

        await GreetAsync(app, isDemo);
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>Who listens everywhere is found here by this name.</summary>
    private static string OnThisMachine(string address) => address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal);

    private async Task GreetAsync(WebApplication app, bool isDemo)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        var addresses = listener.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Say(ShellText.Listening, string.Join(", ", addresses));
        Say(ShellText.DataIn, directory.Path);

        if (isDemo)
        {
            foreach (var sentence in await DemoSetup.FillAsync(app, stopping))
            {
                Say(sentence);
            }
        }
        else if (await accounts.IsFirstRunOpenAsync(stopping))
        {
            Say(ShellText.NextFirstRun, OnThisMachine(addresses.FirstOrDefault() ?? "") + Urls.FirstRun);
            firstRunCode.Announce();
        }
        else
        {
            Say(ShellText.NextSignIn, publicAddress.Set ?? addresses.FirstOrDefault());
        }

        Say(ShellText.HowToStop);
    }

    private static void Say(string text, params object?[] values) =>
        Console.Out.WriteLine(values.Length == 0 ? text : string.Format(CultureInfo.CurrentCulture, text, values));
}
