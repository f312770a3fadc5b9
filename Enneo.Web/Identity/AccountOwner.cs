using Enneo.Core.Activity;
using Enneo.Core.Identity;

namespace Enneo.Web.Identity;

/// <summary>The person whose account pages a request opens: always the one who is signed in, whatever the request says.</summary>
public sealed class AccountOwner(IHttpContextAccessor accessor, Sessions sessions)
{
    public const string Origin = "web";

    /// <exception cref="InvalidOperationException">There is no request: a circuit outlives it.</exception>
    public HttpContext Context => accessor.HttpContext ?? throw new InvalidOperationException("Account pages are answers to requests.");

    public long Id => SessionClaims.UserIdOf(Context.User);
    public string Email => Context.User.Identity?.Name ?? "";
    public string SessionId => SessionClaims.SessionIdOf(Context.User);
    public Actor Actor => SessionClaims.ActorOf(Context.User);

    /// <summary>Whether they gave a password or a passkey within the last minutes.</summary>
    public Task<bool> HasProvenAsync() => sessions.IsProvenAsync(SessionId, Context.RequestAborted);
}
