using System.Globalization;

namespace Enneo.Web.Inbox;

/// <summary>Bytes as people read them.</summary>
internal static class FileSize
{
    public static string Words(long bytes) => bytes switch
    {
        < 1_000 => string.Create(CultureInfo.CurrentCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1_000.0:0} KB"),
        _ => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1_000_000.0:0.0} MB"),
    };
}
