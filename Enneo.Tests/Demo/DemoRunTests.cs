using System.Text.RegularExpressions;
using Enneo.Core;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Web.Demo;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace Enneo.Tests.Demo;

/// <summary>The program as a newcomer starts it: <c>-- --demo</c>.</summary>
public sealed partial class DemoRunTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private static readonly Dictionary<string, string> s_settings = new() { ["Enneo__Sending__UndoTime"] = "00:00:00" };

    private readonly CancellationToken _cancellationToken = TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheDemo_SaysHowToSignIn_TakesAnAnswer_AndLeavesNothingBehind()
    {
        using TemporaryFolder unused = new();
        await using var demo = EnneoProcess.Start(unused["data"], settings: s_settings, arguments: ["--demo"]);
        await demo.ReadyAsync(_cancellationToken);
        await EnneoStore.UntilAsync(() => Task.FromResult(PickupFolder().IsMatch(demo.Output)), s_limit, _cancellationToken);
        var pickup = PickupFolder().Match(demo.Output).Groups[1].Value;
        var data = Path.GetDirectoryName(pickup)!;

        Assert.Contains(DemoContents.Email, demo.Output, StringComparison.Ordinal);
        Assert.Contains(demo.Address.ToString().TrimEnd('/'), demo.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(unused["data"], "enneo.db")));

        await using (var services = Services(data))
        {
            var answered = await AnswerAsync(services);
            await EnneoStore.UntilAsync(() => Task.FromResult(Directory.GetFiles(pickup, "*.eml").Length == 1), s_limit, _cancellationToken);
            using var answer = await MimeMessage.LoadAsync(Directory.GetFiles(pickup, "*.eml").Single(), _cancellationToken);
            Assert.Equal("jonas.weber@nordlicht.example", answer.To.Mailboxes.Single().Address);
            Assert.Contains("Freitag", answer.TextBody, StringComparison.Ordinal);
            Assert.Equal(answered, answer.Subject);
        }

        Assert.Equal(0, await demo.StopAsync(_cancellationToken));
        Assert.False(Directory.Exists(data));
    }

    /// <returns>The subject of the answer.</returns>
    private async Task<string> AnswerAsync(ServiceProvider services)
    {
        var open = await services.GetRequiredService<TicketQueries>().ListAsync(Reach.All, new TicketFilter(null), null, 200, _cancellationToken);
        var thread = await services.GetRequiredService<TicketQueries>().FindThreadAsync(Reach.All, open.Single(t => t.Subject == "Hinterbremse quietscht seit der Inspektion").Id, _cancellationToken);
        var author = (await services.GetRequiredService<Accounts>().ListAsync(_cancellationToken)).Single().Id;

        var drafts = services.GetRequiredService<Drafts>();
        var draft = await drafts.StartReplyAsync(thread!.Messages[^1].Id, DraftMode.Reply, author, _cancellationToken);
        DraftSave save = new(draft!.Revision + 1, draft.To, draft.Cc, draft.Bcc, draft.Subject, "<div>Am Freitag sehe ich mir das Licht an.</div>");
        await drafts.SaveAsync(draft.Id, save, author, _cancellationToken);
        var sent = await services.GetRequiredService<Outbox>().SendAsync(draft.Id, author, _cancellationToken);
        Assert.Null(sent.Problem);
        return draft.Subject;
    }

    private static ServiceProvider Services(string data) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            s_settings.Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))).Build())
        .AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider())
        .AddEnneoCore(new DataDirectory(data))
        .BuildServiceProvider();

    [GeneratedRegex(@"written as \.eml files to (.+)")]
    private static partial Regex PickupFolder();
}
