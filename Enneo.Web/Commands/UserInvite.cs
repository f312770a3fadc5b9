using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Mailboxes;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>user invite</c>: a one-time link by which somebody joins.</summary>
internal sealed class UserInvite(Inviting inviting, MailboxQueries mailboxes, PublicAddress publicAddress, IConfiguration configuration) : ICommand
{
    public static readonly CommandDefinition Command = new(
        "user invite", new("--email", IsRequired: true), new("--role", IsRequired: true), new("--name"), new("--mailboxes"));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var (seen, unknown) = await NamedMailboxes.FindAsync(mailboxes, options.Find("--mailboxes"), cancellationToken);
        if (unknown is not null)
        {
            return Refusal.Because(unknown).Print();
        }

        NewInvitation wanted = new(options["--email"], options.Find("--name") ?? "", options["--role"], seen);
        var result = await inviting.InviteAsync(wanted, Actor.Operator, CommandAnswer.Origin, cancellationToken);
        if (result.Link is not { } link)
        {
            return Refusal.Because(result.Problem ?? "").Print();
        }

        Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.UserInvited, link.Email, link.ExpiresAt));
        Console.Out.WriteLine(publicAddress.Link(Urls.Invitation(link.Token), Listening()));
        return 0;
    }

    /// <summary>Where the server listens, since nobody asked through an address.</summary>
    private string Listening()
    {
        var urls = configuration[$"{EnneoOptions.Section}:{nameof(EnneoOptions.Urls)}"] ?? new EnneoOptions().Urls;
        return urls.Split(';')[0].Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal);
    }
}
