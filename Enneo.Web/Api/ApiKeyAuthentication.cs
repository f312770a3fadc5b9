using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Enneo.Web.Api;

/// <summary>Lets programs in by <c>Authorization: Bearer KEY</c>; the scheme's case does not matter (RFC 9110, section 11.1).</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeyCheck keys, KeyGuesses guesses)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>A key where the request brings one, else the browser's session.</summary>
    public const string KeyOrSession = "Api";

    public const string SchemeName = "ApiKey";

    private const string Bearer = "Bearer";

    private TimeSpan? _wait;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ Length: > 0 } given, ..])
        {
            return AuthenticateResult.NoResult();
        }

        if (!AuthenticationHeaderValue.TryParse(given, out var header)
            || !header.Scheme.Equals(Bearer, StringComparison.OrdinalIgnoreCase)
            || await keys.UseAsync(header.Parameter ?? "", Context.RequestAborted) is not { } caller)
        {
            _wait = guesses.Count(Context.Connection.RemoteIpAddress);
            return AuthenticateResult.Fail(ApiText.KeyWrong);
        }

        Context.Features.Set(caller);
        ClaimsIdentity identity = new(ApiClaims.Of(caller), SchemeName);
        ClaimsPrincipal user = new(identity);
        SessionClaims.SetAddress(user, Context.Connection.RemoteIpAddress);
        return AuthenticateResult.Success(new AuthenticationTicket(user, SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_wait is { } wait)
        {
            Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return TypedResults.Problem(ApiText.TooManyWrongKeys, statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(Context);
        }

        Response.Headers[HeaderNames.WWWAuthenticate] = Bearer;
        var detail = Request.Headers.Authorization.Count == 0 ? ApiText.KeyMissing : ApiText.KeyWrong;
        return TypedResults.Problem(detail, statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var scope = Context.GetEndpoint()?.Metadata.GetMetadata<NeededScope>()?.Scope;
        var detail = string.Format(CultureInfo.CurrentCulture, ApiText.ScopeMissing, scope is { } needed ? ApiClaims.Word(needed) : "");
        return TypedResults.Problem(detail, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(Context);
    }
}
