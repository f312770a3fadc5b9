namespace Enneo.Core.Messages;

public enum MailTheme
{
    Light,
    Dark,
}

/// <summary>The whole document that is served into the sandboxed frame. It has no script, and what it shows has passed <see cref="MailHtml"/>.</summary>
public static class MailDocument
{
    private const string Style = """
        html { overflow-x: auto; overflow-y: hidden; }
        body { margin: 0; padding: 4px 0; font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: #1b2330; overflow-wrap: anywhere; }
        body > :first-child, body > div:first-child > :first-child { margin-top: 0; }
        body > :last-child, body > div:last-child > :last-child { margin-bottom: 0; }
        img { max-width: 100%; height: auto; }
        img:not([src]) { display: inline-block; position: relative; width: auto !important; height: auto !important; min-width: 24px; min-height: 24px; overflow: hidden; vertical-align: middle; }
        img:not([src])::after { content: attr(alt); position: absolute; inset: 0; padding: 2px 8px; border-radius: 4px; background: #eef0f3; color: #566173; font-size: 12px; line-height: 20px; }
        img:not([src]):not([alt]), img:not([src])[alt=""] { display: none; }
        table { max-width: 100%; }
        pre { white-space: pre-wrap; }
        a { color: #3452d1; }
        blockquote { margin: 4px 0 4px 2px; padding-left: 10px; border-left: 2px solid #cfd5df; color: #566173; }
        .plain { max-width: 76ch; }
        details { margin: 8px 0 4px; }
        summary { display: inline-flex; align-items: center; min-height: 32px; padding: 0 10px; border: 1px solid #e4e7ec; border-radius: 8px; color: #566173; font-size: 12px; white-space: normal; list-style: none; cursor: pointer; user-select: none; }
        summary::-webkit-details-marker { display: none; }
        summary:hover, details[open] > summary { background: #f0f2f5; color: #1b2330; }
        summary:focus-visible { outline: 2px solid #3452d1; outline-offset: -2px; }
        details[open] > summary { margin-bottom: 8px; }
        @media (pointer: coarse) { summary { min-height: 44px; } }
        @media (max-width: 480px) { table, td, th, div { width: auto !important; min-width: 0 !important; } }
        """;

    private const string Dark = """
         body { color: #e6eaf1; } a { color: #8fa4ff; } blockquote { border-color: #3a4458 !important; color: #a3adbd; }
        img:not([src])::after { background: #232b3a; color: #a3adbd; } hr { border-color: #3a4458; }
        summary { border-color: #283041; color: #a3adbd; } summary:hover, details[open] > summary { background: #232b3a; color: #e6eaf1; } summary:focus-visible { outline-color: #8fa4ff; }
        """;

    /// <summary>As they stand in what the allow-list leaves: color, bgcolor, background-color, border-color and the like.</summary>
    private static readonly string[] s_colours = ["color:", "color=", "background:"];

    private const string Paper = " body { background: #ffffff; padding: 12px; border-radius: 6px; }";

    /// <summary>Plain text follows the theme, and so does HTML without colours; what has its own was written for white paper and stays on it.</summary>
    public static string Build(SafeHtml body, bool isPlainText, MailTheme theme)
    {
        var style = theme switch
        {
            MailTheme.Dark when isPlainText || !HasColours(body.Html) => Style + Dark,
            MailTheme.Dark => Style + Paper,
            _ => Style,
        };
        var content = isPlainText ? $"""<div class="plain">{body.Html}</div>""" : body.Html;
        return "<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\"><base target=\"_blank\">"
            + $"<style>{style}</style></head><body>{content}</body></html>";
    }

    /// <summary>May take words for colours, which costs nothing but the theme.</summary>
    private static bool HasColours(string html) => Array.Exists(s_colours, colour => html.Contains(colour, StringComparison.OrdinalIgnoreCase));
}
