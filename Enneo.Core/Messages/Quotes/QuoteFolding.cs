using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace Enneo.Core.Messages.Quotes;

/// <summary>Puts quotes and signatures behind a toggle that needs no script: a <c>details</c> element.</summary>
internal static class QuoteFolding
{
    public static string Label(LineKind kind) => kind is LineKind.Quote ? MessageText.QuotedText : MessageText.Signature;

    /// <summary>Runs of lines that are hidden together.</summary>
    public static IEnumerable<(int First, int Last, LineKind Kind)> Runs(IReadOnlyList<LineKind> kinds, IReadOnlyList<MailLine> lines)
    {
        for (var i = 0; i < kinds.Count; i++)
        {
            if (kinds[i] is LineKind.New)
            {
                continue;
            }

            var first = i;
            while (i + 1 < kinds.Count && kinds[i + 1] is not LineKind.New)
            {
                i++;
            }

            var hidden = Enumerable.Range(first, i - first + 1).Where(line => !lines[line].IsBlank).ToList();
            if (hidden.Count > 0)
            {
                yield return (first, i, hidden.Exists(line => kinds[line] is LineKind.Quote) ? LineKind.Quote : LineKind.Signature);
            }
        }
    }

    /// <summary>Before the allow-list runs, so that it judges the toggles with all the rest.</summary>
    public static void Fold(IHtmlElement body, bool isForward)
    {
        var read = HtmlLines.Of(body);
        var kinds = QuoteSplitter.Classify(read.Lines, isForward);
        foreach (var (first, last, kind) in Runs(kinds, read.Lines).Reverse().ToList())
        {
            var start = SplitBefore(read.Nodes[first].First, body);
            var end = last + 1 == kinds.Length ? body.LastChild! : SplitAfter(read.Nodes[last].Last, body);
            Wrap(body, start, end, kind);
        }
    }

    private static void Wrap(IHtmlElement body, INode first, INode last, LineKind kind)
    {
        var document = body.Owner!;
        var toggle = document.CreateElement("details");
        var summary = document.CreateElement("summary");
        summary.TextContent = Label(kind);
        toggle.AppendChild(summary);
        var children = body.ChildNodes.ToList();
        var start = children.IndexOf(first);
        var hidden = children.GetRange(start, children.IndexOf(last) - start + 1);
        body.InsertBefore(toggle, first);
        toggle.Append([.. hidden]);
    }

    /// <summary>Parts the tree so that the node begins a child of the body.</summary>
    private static INode SplitBefore(INode node, IElement body)
    {
        while (node.Parent is IElement parent && parent != body)
        {
            var siblings = parent.ChildNodes.ToList();
            var index = siblings.IndexOf(node);
            node = siblings.Take(index).All(IsNothing) ? parent : Split(parent, siblings.GetRange(index, siblings.Count - index));
        }

        return node;
    }

    /// <summary>Parts the tree so that the node ends a child of the body.</summary>
    private static INode SplitAfter(INode node, IElement body)
    {
        while (node.Parent is IElement parent && parent != body)
        {
            var siblings = parent.ChildNodes.ToList();
            var index = siblings.IndexOf(node) + 1;
            if (!siblings.Skip(index).All(IsNothing))
            {
                Split(parent, siblings.GetRange(index, siblings.Count - index));
            }

            node = parent;
        }

        return node;
    }

    private static INode Split(IElement parent, List<INode> moved)
    {
        var shell = (IElement)parent.Clone(deep: false);
        parent.Parent!.InsertBefore(shell, parent.NextSibling);
        shell.Append([.. moved]);
        return shell;
    }

    private static bool IsNothing(INode node) => node is IComment || (node is IText text && string.IsNullOrWhiteSpace(text.Data));
}
