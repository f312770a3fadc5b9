using Enneo.Web.Shell;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Enneo.Web.Identity;

/// <summary>
/// The session's cookie and those on the way to it: over https with the <c>__Host-</c> prefix, which ties them to this
/// host and to Secure; over plain http under another name, and only from this machine.
/// </summary>
/// <param name="suffix">What tells it from the session's own.</param>
internal sealed class EnneoCookie(string suffix = "") : ICookieManager
{
    private readonly string _plain = "Enneo" + suffix;
    private readonly string _secure = "__Host-Enneo" + suffix;
    private readonly ChunkingCookieManager _cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) =>
        context.Request.IsHttps || Security.IsLocal(context) ? _cookies.GetRequestCookie(context, NameFor(context)) : null;

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, NameFor(context), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        _cookies.DeleteCookie(context, NameFor(context), options);

    private string NameFor(HttpContext context) => context.Request.IsHttps ? _secure : _plain;
}
