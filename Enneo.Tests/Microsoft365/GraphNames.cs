using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enneo.Tests.Microsoft365;

/// <summary>By which names Graph knows a mailbox: who they are by their object id or sign-in name, or <c>me</c>; by no alias.</summary>
internal static class GraphNames
{
    private const string Users = "/graph/v1.0/users/";
    private const string Me = "/graph/v1.0/me/";

    /// <summary>Of one request.</summary>
    private const int MostBytes = 4 << 20;

    /// <summary>Before the paths are looked up. What is too large is not even read (413).</summary>
    public static void Rewrite(WebApplication app, EntraServer entra)
    {
        app.Use(async (context, next) =>
        {
            if (context.Request.ContentLength > MostBytes)
            {
                await Results.Json(new { error = new { code = "ErrorMessageSizeExceeded", message = "Maximum request length exceeded." } }, statusCode: 413).ExecuteAsync(context);
                return;
            }

            var path = context.Request.Path.Value ?? "";
            if (path.StartsWith(Users, StringComparison.Ordinal) && path[Users.Length..].Split('/', 2) is [var name, var rest])
            {
                var person = Guid.TryParse(name, out var id) ? entra.PersonOf(id) : null;
                if (person is { IsPrivate: true } || entra.IsAlias(name))
                {
                    await Results.Json(new { error = new { code = "ErrorInvalidUser", message = $"The requested user '{name}' is invalid." } }, statusCode: 404).ExecuteAsync(context);
                    return;
                }

                context.Request.Path = $"{Users}{person?.Address ?? name}/{rest}";
            }
            else if (path.StartsWith(Me, StringComparison.Ordinal) && path != $"{Me}checkMemberGroups" && GraphToken.Of(context.Request, $"{entra.Address}/graph") is { User.Length: > 0 } token)
            {
                context.Request.Path = $"{Users}{token.User}/{path[Me.Length..]}";
            }

            await next(context);
        });
        app.UseRouting();
    }
}
