using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>user reset-factors</c>: lets somebody in again who lost phone and recovery codes.</summary>
internal sealed class UserResetFactors(Accounts accounts, FactorReset reset) : ICommand
{
    public static readonly CommandDefinition Command = new("user reset-factors", new CommandOption("--email", IsRequired: true));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var email = options["--email"];
        if (await accounts.FindAsync(email, cancellationToken) is not { } userId)
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, CommandText.NoSuchUser, email)).Print();
        }

        await reset.RunAsync(userId, Actor.Operator, CommandAnswer.Origin, cancellationToken);
        Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.UserFactorsReset, email));
        return 0;
    }
}

/// <summary><c>user sign-out</c>: ends every session of a person.</summary>
internal sealed class UserSignOut(Accounts accounts, Sessions sessions) : ICommand
{
    public static readonly CommandDefinition Command = new("user sign-out", new CommandOption("--email", IsRequired: true));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var email = options["--email"];
        if (await accounts.FindAsync(email, cancellationToken) is not { } userId)
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, CommandText.NoSuchUser, email)).Print();
        }

        var ended = await sessions.EndAllAsync(userId, null, Actor.Operator, CommandAnswer.Origin, cancellationToken);
        Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.UserSignedOutEverywhere, email, ended));
        return 0;
    }
}
