using System.Globalization;
using Enneo.Core.OAuth;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Enneo.Core.Microsoft365.Checks;

/// <summary>A mailbox that is connected without a person.</summary>
/// <param name="SendsByGraph">What it sends goes by Graph, which is to take it then.</param>
internal sealed record ApplicationMailbox(long AccountId, string Address, bool SendsByGraph);

/// <summary>
/// What the app itself may do. Its own tokens name what was given in Entra: at Exchange that opens the mailboxes which Exchange lets it
/// into, at Graph every mailbox of the organisation. What Exchange gives it at Graph for some mailboxes stands in no token, so Graph is asked.
/// </summary>
internal sealed class ApplicationRoles(Registration registration, Microsoft365Settings settings, GraphRoad road)
{
    private static readonly string[] s_mail = ["IMAP.AccessAsApp", "SMTP.SendAsApp"];
    private static readonly string[] s_graph = ["Mail.Send", "Mail.ReadWrite"];

    /// <param name="mailboxes">Those that are connected so.</param>
    public async Task<IReadOnlyList<CheckFinding>> RunAsync(IReadOnlyList<ApplicationMailbox> mailboxes, CancellationToken cancellationToken) =>
        mailboxes.Count == 0 ? [] : [await ExchangeAsync(cancellationToken), .. await GraphAsync(mailboxes, cancellationToken)];

    private async Task<CheckFinding> ExchangeAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await GivenAsync(TokenFor.Mail, cancellationToken) is not { } given)
            {
                return new(CheckState.Open, CheckText.RolesOpen); // a token that only its resource can read
            }

            string[] missing = [.. s_mail.Where(role => !given.Contains(role))];
            return missing.Length == 0
                ? Said(CheckState.Good, CheckText.RolesGiven, string.Join(", ", s_mail))
                : Said(CheckState.Bad, CheckText.RolesMissing, string.Join(", ", missing));
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            return CheckFinding.Refused(SignInFailure.Of(exception).Code);
        }
    }

    private async Task<IReadOnlyList<CheckFinding>> GraphAsync(IReadOnlyList<ApplicationMailbox> mailboxes, CancellationToken cancellationToken)
    {
        List<CheckFinding> findings = [];
        try
        {
            var given = await GivenAsync(TokenFor.Graph, cancellationToken);
            string[] wide = [.. s_graph.Where(role => given?.Contains(role) is true)];
            if (wide.Length > 0)
            {
                findings.Add(Said(CheckState.Open, CheckText.RolesWide, string.Join(", ", wide)));
            }
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            return [CheckFinding.Refused(SignInFailure.Of(exception).Code)];
        }

        foreach (var mailbox in mailboxes)
        {
            var answer = await road.AskAsync(mailbox.AccountId, mailbox.Address, cancellationToken);
            findings.Add(answer.IsOpen switch
            {
                true => Said(CheckState.Good, CheckText.GraphOpen, mailbox.Address),
                false when mailbox.SendsByGraph => Said(CheckState.Bad, CheckText.GraphClosed, mailbox.Address),
                false => Said(CheckState.Open, CheckText.GraphUnneeded, mailbox.Address),
                null => Said(CheckState.Open, CheckText.GraphUnasked, mailbox.Address, answer.Words ?? ""),
            });
        }

        return findings;
    }

    /// <returns>Null where the token cannot be read.</returns>
    private async Task<IReadOnlySet<string>?> GivenAsync(TokenFor use, CancellationToken cancellationToken)
    {
        var result = await registration.Application(settings).AcquireTokenForClient(Scopes.ApplicationOf(settings.Addresses, use)).ExecuteAsync(cancellationToken);
        try
        {
            return new JsonWebToken(result.AccessToken).Claims.Where(claim => claim.Type == "roles").Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static CheckFinding Said(CheckState state, string format, params object[] values) => new(state, string.Format(CultureInfo.CurrentCulture, format, values));
}
