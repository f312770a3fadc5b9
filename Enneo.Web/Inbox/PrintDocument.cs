using System.Globalization;
using System.Net;
using System.Text;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;

namespace Enneo.Web.Inbox;

/// <summary>A document for paper, without scripts. What it is given to show as HTML has passed <see cref="MailHtml"/>; all else is encoded here.</summary>
internal sealed class PrintDocument
{
    private const string Style = """
        body { margin: 24px auto; max-width: 760px; padding: 0 16px; font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: #1b2330; background: #fff; overflow-wrap: anywhere; }
        body > h1 { font-size: 20px; line-height: 1.3; margin: 0 0 16px; }
        article { padding: 16px 0; border-top: 1px solid #cfd5df; }
        article > header { margin-bottom: 12px; color: #566173; font-size: 13px; break-after: avoid; }
        article > header strong { color: #1b2330; font-size: 14px; }
        article > header div { margin-top: 2px; }
        .body { contain: paint; }
        .body img { max-width: 100%; height: auto; }
        .body img:not([src]) { display: none; }
        table { max-width: 100%; }
        pre { white-space: pre-wrap; }
        blockquote { margin: 4px 0 4px 2px; padding-left: 10px; border-left: 2px solid #cfd5df; color: #566173; }
        summary { color: #566173; font-size: 12px; cursor: pointer; }
        article > ul { margin: 12px 0 0; padding: 8px 0 0; border-top: 1px dotted #cfd5df; list-style: none; color: #566173; font-size: 13px; }
        @page { margin: 16mm; }
        @media print { body { margin: 0; padding: 0; max-width: none; } a { color: inherit; } details:not([open]) { display: none; } }
        """;

    private readonly StringBuilder _page = new(16 * 1024);
    private readonly BrowserTime _time;

    public PrintDocument(string subject, BrowserTime time)
    {
        _time = time;
        var title = Encoded(subject.Length > 0 ? subject : InboxText.NoSubject);
        _page.Append("<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"referrer\" content=\"no-referrer\"><base target=\"_blank\"><link rel=\"icon\" href=\"/favicon.svg\">")
            .Append(CultureInfo.InvariantCulture, $"<title>{title}</title><style>{Style}</style></head><body><h1>{title}</h1>");
    }

    /// <param name="body">Sanitised.</param>
    public void Add(ThreadMessage message, IReadOnlyList<MessagePart> attachments, string body)
    {
        _page.Append("<article><header>").Append(CultureInfo.InvariantCulture, $"<strong>{Encoded(Person(new(message.FromName, message.FromAddress)))}</strong>");
        AddLine(InboxText.To, message.To);
        AddLine(InboxText.Cc, message.Cc);
        _page.Append(CultureInfo.InvariantCulture, $"<div>{Encoded(_time.Full(message.ReceivedAt))}</div></header><div class=\"body\">{body}</div>");
        if (attachments.Count > 0)
        {
            _page.Append("<ul>");
            foreach (var part in attachments)
            {
                _page.Append(CultureInfo.InvariantCulture, $"<li>{Encoded(part.Name)} · {Encoded(FileSize.Words(part.Size))}</li>");
            }

            _page.Append("</ul>");
        }

        _page.Append("</article>");
    }

    public override string ToString() => _page + "</body></html>";

    private void AddLine(string words, IReadOnlyList<MailAddress> people)
    {
        if (people.Count > 0)
        {
            _page.Append(CultureInfo.InvariantCulture, $"<div>{Encoded(string.Format(CultureInfo.CurrentCulture, words, string.Join(", ", people.Select(Person))))}</div>");
        }
    }

    private static string Person(MailAddress person) => person switch
    {
        { Name.Length: > 0, Address.Length: > 0 } => $"{person.Name} <{person.Address}>",
        { Name.Length: > 0 } => person.Name,
        { Address.Length: > 0 } => person.Address,
        _ => InboxText.UnknownSender,
    };

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
