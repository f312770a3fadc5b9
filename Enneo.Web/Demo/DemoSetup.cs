using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Sending;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Enneo.Web.Demo;

/// <summary>The demo: the same product on a throw-away data directory.</summary>
internal static class DemoSetup
{
    /// <summary>Called before the host is built: chooses the data directory and whatever else the demo sets.</summary>
    public static Task ConfigureAsync(WebApplicationBuilder builder)
    {
        DataDirectory directory = new(Directory.CreateTempSubdirectory("enneo-demo-").FullName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(directory); // by then nothing has a file open in it
        AppDomain.CurrentDomain.UnhandledException += (_, _) => Remove(directory); // after which there is no ProcessExit
        var pickup = Directory.CreateDirectory(Path.Combine(directory.Path, "pickup"));

        // Added last, so that it wins: whatever else is set, the demo touches no other data and reaches no mail server.
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{EnneoOptions.Section}:{nameof(EnneoOptions.DataDirectory)}"] = directory.Path,
            [$"{SendingOptions.Section}:{nameof(SendingOptions.PickupDirectory)}"] = pickup.FullName,
        });
        builder.Services.AddDemo();
        return Task.CompletedTask;
    }

    /// <summary>Called when the server listens: fills the data directory.</summary>
    /// <returns>What to tell the person at the machine, a sentence each.</returns>
    public static async Task<IReadOnlyList<string>> FillAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var filled = await app.Services.GetRequiredService<DemoContents>().FillAsync(cancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        return
        [
            Sentence(DemoText.Filled, filled.Mails, filled.Mailboxes),
            Sentence(DemoText.SignIn, address, filled.Email, filled.Password),
            Sentence(DemoText.Pickup, app.Configuration[$"{SendingOptions.Section}:{nameof(SendingOptions.PickupDirectory)}"]),
            DemoText.ThrownAway,
        ];
    }

    private static string Sentence(string text, params object?[] values) => string.Format(CultureInfo.CurrentCulture, text, values);

    private static void Remove(DataDirectory directory)
    {
        try
        {
            Directory.Delete(directory.Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(Sentence(DemoText.NotRemoved, directory.Path, exception.Message));
        }
    }
}
