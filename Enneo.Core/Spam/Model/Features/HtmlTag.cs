namespace Enneo.Core.Spam.Model.Features;

/// <summary>The tag that is being read, and what the tags of a mail say together.</summary>
internal sealed class HtmlTag(FeatureCollector features)
{
    private const int MaxTag = 4096;
    private const int MaxName = 12;

    private int _tables;
    private int _fonts;
    private int _styles;
    private int _headings;
    private int _unbalanced;

    public string Name { get; private set; } = "";

    /// <summary>Where a link goes to.</summary>
    public string Target { get; private set; } = "";

    /// <summary>Where a picture comes from, if from elsewhere.</summary>
    public string Source { get; private set; } = "";

    /// <summary>Whether nothing is shown of what the tag holds.</summary>
    public bool IsHiding { get; private set; }

    /// <param name="tag">Without its brackets.</param>
    public void Read(ReadOnlySpan<char> tag)
    {
        tag = tag[..Math.Min(tag.Length, MaxTag)];
        var end = tag.IndexOfAny(" \t\r\n");
        var name = (end < 0 ? tag : tag[..end]).TrimEnd('/');
        Name = name.Length > MaxName ? "" : Known(name);
        Target = "";
        Source = "";
        IsHiding = false;
        if (end >= 0 && tag[0] != '/')
        {
            ReadAttributes(tag[end..]);
        }

        Count();
    }

    public void AddComment(int length)
    {
        if (length > 300)
        {
            features.Add(Sign.LongComment);
        }
    }

    public void Summarise()
    {
        features.Add(Sign.CountedTags, (1 << 8) | Size.Of(_tables));
        features.Add(Sign.CountedTags, (2 << 8) | Size.Of(_fonts));
        features.Add(Sign.CountedTags, (3 << 8) | Size.Of(_styles));
        features.Add(Sign.CountedTags, (4 << 8) | Size.Of(_headings));
        if (Math.Abs(_unbalanced) > 2)
        {
            features.Add(Sign.BrokenNesting);
        }
    }

    private static string Known(ReadOnlySpan<char> name) => name switch
    {
        "a" or "A" => "a",
        "/a" or "/A" => "/a",
        "td" => "td",
        "tr" => "tr",
        "br" => "br",
        "p" => "p",
        "div" => "div",
        "/td" => "/td",
        "/div" => "/div",
        "span" => "span",
        "table" => "table",
        _ => name.ToString().ToLowerInvariant(),
    };

    private void Count()
    {
        switch (Name)
        {
            case "table":
                _tables++;
                _unbalanced++;
                break;
            case "/table":
                _unbalanced--;
                break;
            case "font":
                _fonts++;
                break;
            case "h1" or "h2" or "h3":
                _headings++;
                break;
            case "script":
                features.Add(Sign.Script);
                break;
            case "style":
                features.Add(Sign.StyleSheet);
                break;
            case "form" or "input" or "textarea" or "select":
                features.Add(Sign.FormField);
                break;
            case "iframe" or "frame":
                features.Add(Sign.Frame);
                break;
            case "center":
                features.Add(Sign.CenterTag);
                break;
            case "button":
                features.Add(Sign.Button);
                break;
            case "map":
                features.Add(Sign.ImageMap);
                break;
            case "object" or "embed" or "svg" or "video":
                features.Add(Sign.EmbeddedObject);
                break;
            case "!doctype":
                features.Add(Sign.DocumentType);
                break;
        }
    }

    private void ReadAttributes(ReadOnlySpan<char> rest)
    {
        while (true)
        {
            rest = rest.TrimStart();
            var equals = rest.IndexOf('=');
            if (equals <= 0)
            {
                return;
            }

            var name = rest[..equals].TrimEnd();
            name = name[(name.LastIndexOfAny(" \t\r\n") + 1)..];
            rest = rest[(equals + 1)..].TrimStart();
            if (rest.IsEmpty)
            {
                return;
            }

            var quote = rest[0] is '"' or '\'' ? rest[0] : ' ';
            rest = quote == ' ' ? rest : rest[1..];
            var end = quote == ' ' ? rest.IndexOfAny(" \t\r\n") : rest.IndexOf(quote);
            AddAttribute(name, end < 0 ? rest : rest[..end]);
            if (end < 0)
            {
                return;
            }

            rest = rest[(end + 1)..];
        }
    }

    private void AddAttribute(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (name.Equals("href", StringComparison.OrdinalIgnoreCase) && Name is "a" or "area")
        {
            Target = value.Trim().ToString().Replace("&amp;", "&", StringComparison.Ordinal);
        }
        else if (name.Equals("src", StringComparison.OrdinalIgnoreCase) && Name is "img")
        {
            AddSource(value.Trim());
        }
        else if (name.Equals("style", StringComparison.OrdinalIgnoreCase))
        {
            _styles++;
            AddStyle(value);
        }
        else if (name.Equals("width", StringComparison.OrdinalIgnoreCase) && Name is "img" && value.Trim() is "1" or "0" or "1px")
        {
            features.Add(Sign.TrackingPixel);
        }
        else if (name.Equals("http-equiv", StringComparison.OrdinalIgnoreCase) && value.Equals("refresh", StringComparison.OrdinalIgnoreCase))
        {
            features.Add(Sign.Redirect);
        }
        else if (name.Equals("name", StringComparison.OrdinalIgnoreCase) && value.Equals("viewport", StringComparison.OrdinalIgnoreCase))
        {
            features.Add(Sign.ViewportMeta);
        }
        else if (name.Equals("class", StringComparison.OrdinalIgnoreCase) && value.StartsWith("Mso", StringComparison.Ordinal))
        {
            features.Add(Sign.OutlookMarkup);
        }
    }

    private void AddSource(ReadOnlySpan<char> value)
    {
        if (value.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            Source = value.ToString();
        }
        else if (value.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            features.Add(Sign.ImageInAddress);
        }
    }

    private void AddStyle(ReadOnlySpan<char> style)
    {
        if (Has(style, "display", "none"))
        {
            features.Add(Sign.HiddenText);
            IsHiding = Name is "div" or "span" or "p" or "table" or "tr" or "td" or "font" or "a" or "body" or "center" or "section";
        }

        AddIf(style, "visibility", "hidden", Sign.HiddenText);
        AddIf(style, "font-size", "0", Sign.TinyText);
        AddIf(style, "font-size", "1px", Sign.TinyText);
        AddIf(style, "opacity", "0", Sign.TransparentText);
        AddIf(style, "color", "#fff", Sign.WhiteText);
        AddIf(style, "color", "white", Sign.WhiteText);
        if (style.Contains("mso-", StringComparison.Ordinal))
        {
            features.Add(Sign.OutlookMarkup);
        }
    }

    private void AddIf(ReadOnlySpan<char> style, ReadOnlySpan<char> property, ReadOnlySpan<char> value, Sign sign)
    {
        if (Has(style, property, value))
        {
            features.Add(sign);
        }
    }

    /// <summary>Whether the property begins with the value; "0" only where it is all of it.</summary>
    private static bool Has(ReadOnlySpan<char> style, ReadOnlySpan<char> property, ReadOnlySpan<char> value)
    {
        var at = style.IndexOf(property, StringComparison.OrdinalIgnoreCase);
        if (at < 0 || (at > 0 && style[at - 1] == '-'))
        {
            return false;
        }

        var rest = style[(at + property.Length)..].TrimStart(" :\t");
        return rest.StartsWith(value, StringComparison.OrdinalIgnoreCase)
            && (value is not "0" || rest.Length == 1 || rest[1] is ';' or 'p' or ' ' or '!');
    }
}
