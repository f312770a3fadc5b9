using Enneo.Core.Messages;

namespace Enneo.Web.Inbox;

/// <summary>How an attachment can be looked at without saving it.</summary>
internal enum AttachmentPreviewKind
{
    None,
    Picture,
    Text,

    /// <summary>By the browser's own viewer, which works in no frame that keeps it from running.</summary>
    Pdf,
}

/// <summary>What an attachment seems to be, by its type and name; its bytes are looked at when it is served.</summary>
internal static class AttachmentKinds
{
    private static readonly string[] s_pictures = ["image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp"];
    private static readonly string[] s_texts = [".txt", ".csv", ".tsv", ".log", ".md", ".json", ".xml", ".ics", ".vcf", ".yml", ".yaml", ".ini", ".eml", ".html", ".htm", ".svg"];

    private static readonly string[] s_programs =
    [
        ".exe", ".scr", ".com", ".pif", ".bat", ".cmd", ".msi", ".msp", ".jar", ".js", ".jse", ".vbs", ".vbe", ".wsf", ".wsh", ".ps1", ".psm1", ".hta", ".cpl", ".dll",
        ".lnk", ".url", ".scf", ".reg", ".chm", ".iso", ".img", ".vhd", ".vhdx", ".apk", ".app", ".dmg", ".pkg", ".deb", ".rpm", ".sh", ".run", ".one", ".library-ms", ".xll",
    ];

    private static readonly string[] s_macros = [".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xlsb", ".pptm", ".potm", ".ppam", ".ppsm", ".sldm", ".mdb", ".accdb"];
    private static readonly string[] s_pages = [".html", ".htm", ".xhtml", ".shtml", ".mht", ".mhtml", ".svg", ".xht"];

    public static AttachmentPreviewKind Of(MessagePart part) => part.ContentType switch
    {
        var type when s_pictures.Contains(type) => AttachmentPreviewKind.Picture,
        "application/pdf" => AttachmentPreviewKind.Pdf,
        var type when type.StartsWith("text/", StringComparison.Ordinal) || Ends(part.Name, s_texts) => AttachmentPreviewKind.Text,
        "application/octet-stream" when Ends(part.Name, [".pdf"]) => AttachmentPreviewKind.Pdf,
        "application/octet-stream" when Ends(part.Name, [".png", ".jpg", ".jpeg", ".gif", ".webp"]) => AttachmentPreviewKind.Picture,
        _ => AttachmentPreviewKind.None,
    };

    /// <returns>What to beware of, in words; null if nothing is known.</returns>
    public static string? Danger(MessagePart part) =>
        Ends(part.Name, s_programs) || part.ContentType is "application/x-msdownload" or "application/x-msdos-program" ? InboxText.IsProgram
        : Ends(part.Name, s_macros) ? InboxText.HasMacros
        : Ends(part.Name, s_pages) || part.ContentType is "text/html" or "image/svg+xml" ? InboxText.IsWebPage
        : null;

    private static bool Ends(string name, string[] extensions) => Array.Exists(extensions, extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}
