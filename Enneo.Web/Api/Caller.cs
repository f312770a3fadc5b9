using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Web.Identity;

namespace Enneo.Web.Api;

/// <summary>Who calls the API, and what they may see now.</summary>
internal sealed class Caller(IHttpContextAccessor accessor, Reaches reaches)
{
    /// <summary>The door, as the log names it.</summary>
    public const string Origin = "api";

    /// <exception cref="InvalidOperationException">Nobody calls.</exception>
    public Actor Actor => SessionClaims.ActorOf(Context.User);

    public long UserId => SessionClaims.UserIdOf(Context.User);

    /// <summary>Its key is good for some mailboxes only.</summary>
    public bool IsLimited => ApiClaims.IsLimited(Context.User);

    public bool May(ApiScopes scope) => ApiClaims.ScopesOf(Context.User).HasFlag(scope);

    private Task<Reach>? _reach;

    private HttpContext Context => accessor.HttpContext ?? throw new InvalidOperationException("There is no request.");

    /// <summary>As it is when it is first asked for in a request; the check of the key that let a read in has just found it.</summary>
    public Task<Reach> ReachAsync(CancellationToken cancellationToken) => _reach ??=
        HttpMethods.IsGet(Context.Request.Method) && Context.Features.Get<ApiCaller>() is { Reach: var found } ? Task.FromResult(found) : ReachNowAsync(cancellationToken);

    /// <summary>As it is now: for what takes longer than a moment.</summary>
    public Task<Reach> ReachNowAsync(CancellationToken cancellationToken) => reaches.FindAsync(Actor, cancellationToken);
}
