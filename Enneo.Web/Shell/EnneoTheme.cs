using MudBlazor;

namespace Enneo.Web.Shell;

/// <summary>
/// Shape and type of MudBlazor's components. Their colours are not here: enneo.css maps MudBlazor's
/// variables to our tokens, so that there is one palette and the theme is right before the circuit is up.
/// </summary>
internal static class EnneoTheme
{
    private static readonly string[] s_font = ["system-ui", "-apple-system", "Segoe UI", "Inter", "Roboto", "Noto Sans", "sans-serif"];

    public static readonly MudTheme Theme = new()
    {
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px", AppbarHeight = "0px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = s_font, FontSize = "14px", LineHeight = "1.45", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = s_font, FontSize = "14px", LineHeight = "1.45", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = s_font, FontSize = "12px", LineHeight = "1.45", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = s_font, FontSize = "17px", FontWeight = "600", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = s_font, FontSize = "14px", FontWeight = "600", TextTransform = "none", LetterSpacing = "normal" },
            Caption = new CaptionTypography { FontFamily = s_font, FontSize = "12px", LetterSpacing = "normal" },
        },
        Shadows = new Shadow(),
    };
}
