using System.Data.Common;
using System.Security.Claims;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Enneo.Web.Identity;

/// <summary>
/// A circuit sees neither cookies expire nor sign-outs in other tabs. This asks again whether its session still counts:
/// as soon as the log says that anything about people or their sessions changed, and every half minute for what no log
/// tells, such as its age.
/// </summary>
internal sealed partial class SessionRevalidation : RevalidatingServerAuthenticationStateProvider
{
    private readonly Sessions _sessions;
    private readonly LastSeen _lastSeen;
    private readonly ILogger<SessionRevalidation> _logger;
    private readonly CancellationTokenSource _closed = new();
    private readonly IDisposable _subscription;
    private Task<AuthenticationState>? _current;

    public SessionRevalidation(ILoggerFactory loggerFactory, Sessions sessions, LastSeen lastSeen, LiveFeed feed)
        : base(loggerFactory)
    {
        (_sessions, _lastSeen) = (sessions, lastSeen);
        _logger = loggerFactory.CreateLogger<SessionRevalidation>();
        AuthenticationStateChanged += state => _current = state;
        _subscription = feed.Subscribe(OnActivity);
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return await CountsAsync(authenticationState, cancellationToken);
        }
        catch (DbException exception)
        {
            // Nothing else can be read then either; nobody is signed out by a busy disk.
            LogUnasked(exception);
            return true;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _subscription.Dispose();
        _closed.Cancel();
        _closed.Dispose();
        base.Dispose(disposing);
    }

    private async Task<bool> CountsAsync(AuthenticationState asked, CancellationToken cancellationToken)
    {
        var state = await SessionClaims.CheckAsync(asked.User, (user, stamp, session) => _sessions.CheckAsync(user, stamp, session, cancellationToken));
        if (state != SessionState.Alive)
        {
            return false;
        }

        await _lastSeen.NoteAsync(SessionClaims.UserIdOf(asked.User), cancellationToken);
        return true;
    }

    private void OnActivity(IReadOnlyList<ActivityEntry> entries)
    {
        if (entries.Any(entry => entry.IsAudited && entry.Kind is not (ActivityKind.UserSignedIn or ActivityKind.UserSignInFailed)))
        {
            _ = AskAgainAsync();
        }
    }

    private async Task AskAgainAsync()
    {
        try
        {
            if (_current is { } current && (await current) is { User.Identity.IsAuthenticated: true } state
                && !await ValidateAuthenticationStateAsync(state, _closed.Token))
            {
                SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left meanwhile.
        }
    }

    [LoggerMessage(LogLevel.Warning, "It could not be asked whether a session still counts; trying again")]
    private partial void LogUnasked(Exception exception);
}
