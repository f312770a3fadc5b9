namespace Enneo.Web.Shell;

/// <summary>Light, dark or what the system says: a cookie, so that the first answer already shows it.</summary>
internal static class Theme
{
    public const string System = "system";
    private const string Cookie = "Enneo-Theme";

    /// <summary>Never anything but a known word: it is written into the page.</summary>
    public static string Of(HttpContext? context) => context?.Request.Cookies[Cookie] is "light" or "dark"
        ? context.Request.Cookies[Cookie]!
        : System;
}
