using MimeKit;

namespace Enneo.Web.Demo.Composing;

/// <summary>A delivery report (RFC 3464): words for people, status for programs, the headers of the mail that came back.</summary>
internal static class BounceReport
{
    /// <param name="script"><c>@bounce address | status | the server's words</c>.</param>
    public static MultipartReport Compose(ScriptedMail script, MimeMessage returned)
    {
        var fields = script.Find("bounce")!.Split(" | ");
        MessageDeliveryStatus status = new();
        status.StatusGroups.Add(new HeaderList { { "Reporting-MTA", $"dns; mail.{DemoMailboxes.Domain}" } });
        status.StatusGroups.Add(new HeaderList
        {
            { "Final-Recipient", $"rfc822; {fields[0]}" },
            { "Action", fields[1].StartsWith('4') ? "delayed" : "failed" },
            { "Status", fields[1] },
            { "Diagnostic-Code", $"smtp; {fields[2]}" },
        });

        TextRfc822Headers headers = new(HeadersOf(returned));
        return new MultipartReport("delivery-status")
        {
            new TextPart("plain") { Text = LineWrapping.Wrap(script.Text, 74) },
            status,
            headers,
        };
    }

    private static MimeMessage HeadersOf(MimeMessage returned)
    {
        MimeMessage message = new(returned.Headers.Where(header => !header.Field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)));
        return message;
    }
}
