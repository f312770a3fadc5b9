using System.Globalization;
using Enneo.Core.OAuth;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Enneo.Core.Microsoft365.Checks;

/// <summary>Which application permissions an administrator gave the app: its own tokens say so. Asked where a mailbox is connected without a person.</summary>
internal sealed class ApplicationRoles(Registration registration, Microsoft365Settings settings)
{
    private static readonly string[] s_mail = ["IMAP.AccessAsApp", "SMTP.SendAsApp"];
    private static readonly string[] s_graph = ["Mail.Send", "Mail.ReadWrite"];

    /// <param name="isUsed">A mailbox is connected so.</param>
    public async Task<IReadOnlyList<CheckFinding>> RunAsync(bool isUsed, CancellationToken cancellationToken) => !isUsed ? [] :
    [
        await CheckAsync(TokenFor.Mail, s_mail, CheckText.RolesMail, cancellationToken),
        await CheckAsync(TokenFor.Graph, s_graph, CheckText.RolesGraph, cancellationToken),
    ];

    private async Task<CheckFinding> CheckAsync(TokenFor use, string[] wanted, string resource, CancellationToken cancellationToken)
    {
        try
        {
            var result = await registration.Application(settings).AcquireTokenForClient(Scopes.ApplicationOf(settings.Addresses, use)).ExecuteAsync(cancellationToken);
            var given = new JsonWebToken(result.AccessToken).Claims.Where(claim => claim.Type == "roles").Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal);
            string[] missing = [.. wanted.Where(role => !given.Contains(role))];
            return missing.Length == 0
                ? new(CheckState.Good, string.Format(CultureInfo.CurrentCulture, CheckText.RolesGiven, string.Join(", ", wanted), resource))
                : new(CheckState.Bad, string.Format(CultureInfo.CurrentCulture, CheckText.RolesMissing, string.Join(", ", missing), resource));
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            return CheckFinding.Refused(SignInFailure.Of(exception).Code);
        }
        catch (ArgumentException)
        {
            return new(CheckState.Open, string.Format(CultureInfo.CurrentCulture, CheckText.RolesOpen, resource)); // a token that only its resource can read
        }
    }
}
