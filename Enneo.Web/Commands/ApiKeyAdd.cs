using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Mailboxes;
using Enneo.Web.Api;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>apikey add</c>: a key to the API that acts as a person, printed once.</summary>
internal sealed class ApiKeyAdd(ApiKeyEditing editing, Accounts accounts, MailboxQueries mailboxes) : ICommand
{
    public static readonly CommandDefinition Command = new(
        "apikey add", new("--email", IsRequired: true), new("--name", IsRequired: true), new("--scopes", IsRequired: true), new("--mailboxes"));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        if (ApiClaims.Parse(options["--scopes"]) is not { } scopes)
        {
            return Refusal.Because(CommandText.ScopesUnknown).Print();
        }

        if (await accounts.FindAsync(options["--email"], cancellationToken) is not { } person)
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, CommandText.NoSuchPerson, options["--email"])).Print();
        }

        var (seen, unknown) = await NamedMailboxes.FindAsync(mailboxes, options.Find("--mailboxes") ?? "all", cancellationToken);
        if (unknown is not null)
        {
            return Refusal.Because(unknown).Print();
        }

        var made = await editing.AddPersonalAsync(person, new NewApiKey(options["--name"], scopes, seen), Actor.Operator, CommandAnswer.Origin, cancellationToken);
        if (made.Secret is not { } secret)
        {
            return Refusal.Because(made.Problem ?? "").Print();
        }

        Console.Out.WriteLine(secret);
        return 0;
    }
}
