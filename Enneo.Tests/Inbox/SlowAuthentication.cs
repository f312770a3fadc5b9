using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Tests.Inbox;

/// <summary>Something happens while who is there is asked for, which comes before each read of a screen.</summary>
internal sealed class SlowAuthentication(AuthenticationStateProvider inner) : AuthenticationStateProvider
{
    /// <summary>The next question waits for it.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public override async Task<AuthenticationState> GetAuthenticationStateAsync()
    {
        (var meanwhile, Meanwhile) = (Meanwhile, null);
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        return await inner.GetAuthenticationStateAsync();
    }
}
