using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Enneo.Core.Messages;

namespace Enneo.Tests.Messages;

/// <summary>Hostile HTML that others collected. What the allow-list leaves is judged by its tree, not by the words in it.</summary>
public sealed partial class XssExamTests
{
    private static readonly HashSet<string> s_attributes = new(StringComparer.Ordinal)
    {
        "align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "color", "colspan", "dir", "face", "height", "href", "hspace", "lang",
        "noshade", "nowrap", "rel", "reversed", "rowspan", "rules", "scope", "size", "span", "src", "start", "style", "summary", "target", "title",
        "type", "valign", "vspace", "width",
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NoPayload_KeepsAnythingThatRunsOrLoads_AndTwiceIsOnce(bool isAnswer)
    {
        var folder = await Exams.RequireAsync("xss");
        var mailHtml = new MailHtml();
        List<string> faults = [];
        var payloads = 0;
        await foreach (var line in File.ReadLinesAsync(Path.Combine(folder, "payloads.jsonl"), TestContext.Current.CancellationToken))
        {
            var row = JsonDocument.Parse(line).RootElement;
            var html = row.GetProperty("html").GetString()!;
            payloads++;
            var shown = isAnswer ? $"<p>Yes</p><p>On 3 May 2021 at 10:00 Anna &lt;a@a.example&gt; wrote:</p>{html}" : html;
            var once = mailHtml.Sanitize(shown, new MailView(Picture) { FoldsQuotes = true }).Html;
            var faulty = Faults(once).ToList();
            if (mailHtml.Sanitize(once, Picture).Html != once)
            {
                faulty.Add("changes when sanitised again");
            }

            faults.AddRange(faulty.Select(fault => $"{row.GetProperty("id").GetString()}: {fault}\n  {html}\n  {once}"));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{payloads} payloads, {faults.Count} faults\n{string.Join('\n', faults.Take(40))}");
        Assert.True(payloads > 3000);
        Assert.Empty(faults);
    }

    private static string? Picture(string contentId) => contentId.Length < 20 ? "/message/1/part/2" : null;

    private static IEnumerable<string> Faults(string html)
    {
        foreach (var element in new HtmlParser().ParseDocument("<!doctype html><html><body>" + html).Body!.QuerySelectorAll("*"))
        {
            if (element.NamespaceUri != NamespaceNames.HtmlUri || ForbiddenTag.IsMatch(element.LocalName))
            {
                yield return $"<{element.LocalName}>";
            }

            foreach (var attribute in element.Attributes)
            {
                if (!s_attributes.Contains(attribute.Name))
                {
                    yield return $"attribute {attribute.Name}";
                }

                var isSound = attribute.Name switch
                {
                    "href" => element.LocalName == "a" && Link.IsMatch(attribute.Value),
                    "src" => element.LocalName == "img" && Image.IsMatch(attribute.Value),
                    "style" => !ForbiddenCss.IsMatch(attribute.Value),
                    _ => true,
                };
                if (!isSound)
                {
                    yield return $"{attribute.Name}={attribute.Value}";
                }
            }

            if (element.LocalName == "a" && (element.GetAttribute("target") != "_blank" || element.GetAttribute("rel") != "noopener noreferrer nofollow"))
            {
                yield return "a link that keeps its opener";
            }
        }
    }

    [GeneratedRegex("^(?:script|style|link|meta|base|iframe|frame|frameset|object|embed|applet|svg|math|form|input|button|select|textarea|video|audio|source|picture|template|noscript|xmp|plaintext|marquee|map|area)$")]
    private static partial Regex ForbiddenTag { get; }

    [GeneratedRegex("^(?:https?://|mailto:|tel:)[^\\p{Cc}]+$", RegexOptions.IgnoreCase)]
    private static partial Regex Link { get; }

    [GeneratedRegex("^(?:data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=]*|/message/1/part/2#cid=.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Image { get; }

    [GeneratedRegex(@"url|expression|behavior|binding|import|position|z-index|var|\\|@|javascript|image-set|attr\(", RegexOptions.IgnoreCase)]
    private static partial Regex ForbiddenCss { get; }
}
