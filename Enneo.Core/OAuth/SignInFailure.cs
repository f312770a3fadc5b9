using System.Text.RegularExpressions;
using Microsoft.Identity.Client;

namespace Enneo.Core.OAuth;

/// <summary>Why a provider gave no token.</summary>
/// <param name="Code">Such as AADSTS50173, or the OAuth error where there is none.</param>
/// <param name="IsFinal">Only a person can help; asking again does not.</param>
internal sealed partial record SignInFailure(string Code, bool IsFinal)
{
    public const string Unreachable = "unreachable";

    /// <summary>The keys in the data directory are not those that protected the tokens or the secret.</summary>
    public const string KeysLost = "keys_lost";

    /// <summary>
    /// Whether Microsoft gives no token for any other of its services either: the person, the secret, the app or what was stored is
    /// at fault. What was agreed to, and policies, differ by service; of a code that is not known the other service is asked itself.
    /// </summary>
    public bool EndsSignIn => Code is Causes.NothingStored or Causes.AppChanged or Causes.TenantChanged or KeysLost or "invalid_grant"
        or "AADSTS50020" or "AADSTS50034" or "AADSTS50053" or "AADSTS50055" or "AADSTS50057" or "AADSTS50126" or "AADSTS50133" or "AADSTS50173" or "AADSTS50194"
        or "AADSTS70008" or "AADSTS700016" or "AADSTS700027" or "AADSTS700082" or "AADSTS7000215" or "AADSTS7000218" or "AADSTS7000222" or "AADSTS90002" or "AADSTS90072";

    /// <summary>Whether MSAL, a provider or the network reports a failure by it. Cancellation is not.</summary>
    public static bool Covers(Exception exception) =>
        exception is MsalException or AuthorityRefusedException or HttpRequestException or IOException or System.Security.Cryptography.CryptographicException or TaskCanceledException { InnerException: TimeoutException };

    public static SignInFailure Of(Exception exception) => exception switch
    {
        AuthorityRefusedException refused => new(refused.Code, refused.IsFinal),
        MsalException { Message: var words } when CodeIn(words) is { } code && Causes.Of(code).Mender is Mender.Time => new(code, IsFinal: false),
        MsalUiRequiredException refused => new(CodeIn(refused.Message) ?? refused.ErrorCode, IsFinal: true),
        MsalServiceException passing when Passes(passing) => new(KnownCodeOf(passing) ?? Unreachable, IsFinal: false),
        MsalServiceException refused => new(CodeIn(refused.Message) ?? refused.ErrorCode, IsFinal: true),
        System.Security.Cryptography.CryptographicException => new(KeysLost, IsFinal: true),
        _ => new(Unreachable, IsFinal: false),
    };

    /// <returns>The code in what Microsoft wrote, such as <c>AADSTS65001: The user or administrator has not consented…</c>; null when there is none.</returns>
    public static string? CodeIn(string? text) => text is not null && CodePattern().Match(text) is { Success: true } match ? match.Value : null;

    /// <summary>What a stranger may have written into an address becomes a word.</summary>
    public static string SafeCode(string error) => new([.. error.Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.').Take(40)]);

    /// <summary>The same, told as of that provider.</summary>
    /// <param name="providerId">Null for Microsoft.</param>
    public SignInFailure At(long? providerId) => this with { Code = ProviderCauses.CodeOf(Code, providerId) };

    private static bool Passes(MsalServiceException failure) => failure.IsRetryable || failure.StatusCode is 429 or >= 500 || failure.ErrorCode is MsalError.RequestTimeout;

    /// <summary>An outage answers with its own pages, or in codes of which nobody can say that a person would help.</summary>
    private static string? KnownCodeOf(MsalServiceException failure) =>
        (CodeIn(failure.Message) ?? CodeIn(failure.ResponseBody)) is { } code && Causes.AreKnownBy(code) ? code : null;

    [GeneratedRegex("AADSTS[0-9]{4,8}", RegexOptions.CultureInvariant)]
    private static partial Regex CodePattern();
}
