namespace Enneo.Core.OAuth;

/// <summary>Who signs a person in and gives tokens: Microsoft by its own library, anybody else by the protocol as it is written.</summary>
internal interface IAuthority
{
    /// <summary>The page where a person signs in.</summary>
    /// <param name="state">Comes back with them.</param>
    Task<LoginPage> LoginAsync(ConnectWish wish, string state, CancellationToken cancellationToken);

    /// <returns>Why what somebody came back with is of no use; null when it may be.</returns>
    string? ProblemOf(Callback callback);

    /// <summary>Takes the code that somebody came back with.</summary>
    Task<Login> RedeemAsync(ConnectAttempt attempt, string code, CancellationToken cancellationToken);

    /// <returns>The present access token while it is good, else a new one.</returns>
    Task<Grant> TokenAsync(ConnectedAccount account, TokenWish wish, CancellationToken cancellationToken);
}

/// <summary>Where a person signs in.</summary>
/// <param name="ProtectedVerifier">The secret half of the code's proof (RFC 7636), encrypted.</param>
internal sealed record LoginPage(Uri Address, string ProtectedVerifier);

/// <summary>Who signed in.</summary>
/// <param name="TenantId">With <paramref name="ObjectId"/> it says who that is, for good; both empty where nobody says.</param>
/// <param name="ConnectedAs">The name of that person, to be shown.</param>
/// <param name="Names">The addresses at which they receive mail, compared without case.</param>
internal sealed record Login(string TenantId, string ObjectId, string HomeAccountId, string ConnectedAs, IReadOnlySet<string> Names, Grant Grant);

/// <summary>An access token.</summary>
/// <param name="ProtectedTokens">What is to be kept from now on, encrypted; null when that has not changed.</param>
internal sealed record Grant(string AccessToken, DateTimeOffset ValidUntil, byte[]? ProtectedTokens)
{
    /// <summary>What the token may be used for, as the authority says; empty where it does not.</summary>
    public IReadOnlyCollection<string> Scopes { get; init; } = [];
}

/// <summary>What a token is wanted for.</summary>
/// <param name="Early">A new one, although the present one may be good.</param>
/// <param name="Rejected">One that a server would not take.</param>
/// <param name="Claims">What a server wants a new one to hold besides, as it said.</param>
internal sealed record TokenWish(TokenFor Use, bool Early, string? Rejected, string? Claims);

/// <summary>An authority said no, or nothing that can be understood.</summary>
/// <param name="code">One of OAuth's, or ours.</param>
/// <param name="isFinal">Only a person can help; asking again does not.</param>
internal sealed class AuthorityRefusedException(string code, bool isFinal) : Exception($"The authority refuses ({code}).")
{
    public string Code => code;
    public bool IsFinal => isFinal;
}
