using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Enneo.Core;
using Enneo.Core.Data;
using Enneo.Core.Health;
using Enneo.Web.Api;
using Enneo.Web.Commands;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Enneo.Web.Microsoft365;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Console;
using MudBlazor.Services;
using Quartz;

namespace Enneo.Web.Shell;

/// <summary>The one container behind the server and the commands.</summary>
internal static class EnneoBuilder
{
    /// <summary>Above the number of mailboxes by far: a job that waits must not hold up another mailbox's.</summary>
    private const int MaxJobs = 1024;

    public static bool TryCreate(
        CommandLine line, [NotNullWhen(true)] out WebApplicationBuilder? builder, [NotNullWhen(false)] out Refusal? refusal)
    {
        try
        {
            builder = WebApplication.CreateBuilder(new WebApplicationOptions
            {
                Args = line.HostArguments,
                ContentRootPath = line.NamesContentRoot ? null : AppContext.BaseDirectory,
            });
            builder.Configuration.AddSolutionSettings(AppContext.BaseDirectory);
        }
        catch (InvalidDataException exception)
        {
            (builder, refusal) = (null, Refusal.Settings(Unreadable(exception)));
            return false;
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseStaticWebAssets(); // else `dotnet run` outside Development answers 500 for what packages bring
        builder.AddTidyLog(line.Command is not null);
        refusal = null;
        return true;
    }

    public static bool TryAddEnneo(this WebApplicationBuilder builder, [NotNullWhen(false)] out Refusal? refusal)
    {
        var settings = SettingsReader.Read(builder.Configuration);
        if (settings.Problems.Count > 0)
        {
            refusal = Refusal.Settings(settings.Problems);
            return false;
        }

        var options = settings.Options;
        DataDirectory directory = new(Path.Combine(SolutionSettings.HomeOf(AppContext.BaseDirectory), options.DataDirectory));
        if (DataFolder.Prepare(directory) is { } problem)
        {
            refusal = Refusal.Settings(problem);
            return false;
        }

        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(options.Urls);
        }

        builder.Services.AddEnneoCore(directory);
        builder.Services.AddSingleton<DatabaseMigration>();
        builder.Services.AddQuartz(quartz => quartz
            .ConfigureScheduler(scheduler => scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always) // a job may wait for a server that never answers
            .UseDefaultThreadPool(pool => pool.MaxConcurrency = MaxJobs));
        builder.Services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true);
        builder.Services.AddDataProtection()
            .SetApplicationName("Enneo")
            .PersistKeysToFileSystem(new DirectoryInfo(directory.Keys));
        builder.Services.AddPages();
        builder.Services.AddPeoplePages();
        builder.Services.AddApi();
        builder.Services.AddCommands();
        builder.Services.AddInbox();
        builder.Services.AddKnownProxies(options);
        builder.Services.AddSingleton(new PublicAddress(options));
        builder.Services.AddSingleton(new RedirectAddress(options)).AddSingleton<DoneWords>().AddSingleton<AccountReturn>().AddSingleton<PeopleJoining>().AddScoped<PeopleDoor>();
        refusal = null;
        return true;
    }

    private static string Unreadable(InvalidDataException exception) => string.Format(
        CultureInfo.CurrentCulture, SettingsText.FileUnreadable, (exception.InnerException ?? exception).Message);

    private static void AddPages(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddHttpContextAccessor();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "Enneo-Antiforgery";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddSingleton<Readiness>();
        services.AddSingleton<Server>();
    }

    private static void AddKnownProxies(this IServiceCollection services, EnneoOptions options) =>
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            // Without X-Forwarded-Host: a proxy passes the Host on, or says so nowhere that a client could not.
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            foreach (var proxy in SettingsReader.List(options.KnownProxies))
            {
                forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
            }
        });

    /// <summary>Standard output belongs to answers: a command's log goes to standard error and names only what went wrong.</summary>
    private static void AddTidyLog(this WebApplicationBuilder builder, bool isCommand)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        if (isCommand)
        {
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            builder.Logging.AddFilter((_, level) => level >= LogLevel.Warning);
        }
    }
}
