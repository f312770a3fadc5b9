using Enneo.Web.Activity;
using Enneo.Web.Api;
using Enneo.Web.Commands;
using Enneo.Web.Comparison;
using Enneo.Web.Demo;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Enneo.Web.Microsoft365;
using Enneo.Web.Shell;

var line = CommandLine.Parse(args);
if (line.Answer is { } answer)
{
    return answer.Print();
}

if (line.Command is { Definition.Alone: { } run, Options: var options })
{
    return await CommandRun.InterruptiblyAsync(cancellationToken => run(options, cancellationToken));
}

if (!EnneoBuilder.TryCreate(line, out var builder, out var problems))
{
    return problems.Print();
}

if (line.IsDemo)
{
    await DemoSetup.ConfigureAsync(builder);
}

if (!builder.TryAddEnneo(out problems))
{
    return problems.Print();
}

await using var app = builder.Build();
if (line.Command is { } command)
{
    return await app.Services.GetRequiredService<CommandRun>().RunAsync(command);
}

app.UseStopping();
app.UseSecurity(app.Services.GetRequiredService<PublicAddress>());
app.UseErrorAnswers();
app.UseMiddleware<PlainHttpGate>();
app.UseMiddleware<FirstRunGate>();
app.UseAuthentication();
app.UseAuthorization();
app.UseRateLimiter();
app.UseMiddleware<BodyGate>();
app.UseMiddleware<SecondStepGate>();
app.UseFormTokens();

app.MapStaticAssets().AllowAnonymous();
app.MapHealth();
app.MapAccounts();
app.MapApi();
app.MapInbox();
app.MapAudit();
app.MapLostMailFile();
app.MapMicrosoft365();
app.MapRazorComponents<App>()
    .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null); // ours says it already

return await app.Services.GetRequiredService<Server>().RunAsync(app, line.IsDemo);
