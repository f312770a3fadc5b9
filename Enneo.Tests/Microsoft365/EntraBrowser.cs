using Enneo.Core.OAuth;
using Microsoft.AspNetCore.WebUtilities;

namespace Enneo.Tests.Microsoft365;

/// <summary>A person at Microsoft's login page, without a browser.</summary>
internal static class EntraBrowser
{
    /// <summary>Logs in where <paramref name="login"/> leads.</summary>
    /// <param name="person">Null cancels.</param>
    /// <returns>What they come back with.</returns>
    public static Callback LogIn(this EntraServer entra, Uri login, string? person)
    {
        var query = QueryHelpers.ParseQuery(login.Query);
        var back = new Uri(entra.Back(query["redirect_uri"].ToString(), query["state"].ToString(), query["code_challenge"].ToString(), query["scope"].ToString(), person));
        var answer = QueryHelpers.ParseQuery(back.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        return new Callback(
            answer.GetValueOrDefault("state"), answer.GetValueOrDefault("code"), answer.GetValueOrDefault("error"), answer.GetValueOrDefault("error_description"),
            answer.GetValueOrDefault("admin_consent"), answer.GetValueOrDefault("tenant"), answer.GetValueOrDefault("iss"));
    }
}
