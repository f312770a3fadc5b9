using AngleSharp.Dom;

namespace Enneo.Core.Messages.Quotes;

/// <summary>What mailers' markup says about quotes and signatures, before the allow-list takes classes and ids away.</summary>
internal static class QuoteMarkup
{
    private static readonly string[] s_signatures = ["gmail_signature", "gmail_signature_prefix", "moz-signature", "protonmail_signature_block", "ms-outlook-mobile-signature", "x_signature"];

    /// <summary>A blockquote that a mailer made; one without any sign of it may be an indented paragraph.</summary>
    public static bool IsQuote(IElement element) =>
        element.LocalName is "blockquote"
        && (element.GetAttribute("type") is "cite"
            || element.HasAttribute("cite")
            || HasClass(element, "gmail_quote") || HasClass(element, "protonmail_quote") || HasClass(element, "spark_quote")
            || element.GetAttribute("style")?.Contains("border-left", StringComparison.OrdinalIgnoreCase) is true
            || element.ParentElement is { } parent && (HasClass(parent, "gmail_quote") || HasClass(parent, "yahoo_quoted")));

    public static bool IsSignature(IElement element) =>
        Array.Exists(s_signatures, name => HasClass(element, name) || element.Id == name)
        || element.GetAttribute("data-smartmail") is "gmail_signature"
        || element.Id is "Signature";

    private static bool HasClass(IElement element, string name) => element.ClassList.Contains(name);
}
