using Enneo.Web.Shell;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Enneo.Web.Identity;

/// <summary>
/// The session's cookie: over https with the <c>__Host-</c> prefix, which ties it to this host and to
/// Secure; over plain http under another name, and only from this machine.
/// </summary>
internal sealed class EnneoCookie : ICookieManager
{
    private const string Plain = "Enneo";
    private const string Secure = "__Host-Enneo";

    private readonly ChunkingCookieManager _cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) =>
        context.Request.IsHttps || Security.IsLocal(context) ? _cookies.GetRequestCookie(context, NameFor(context)) : null;

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, NameFor(context), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        _cookies.DeleteCookie(context, NameFor(context), options);

    private static string NameFor(HttpContext context) => context.Request.IsHttps ? Secure : Plain;
}
