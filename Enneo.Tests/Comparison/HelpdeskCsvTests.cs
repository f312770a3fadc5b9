using System.Text;
using System.Xml.Linq;
using Enneo.Core.Integrations.Comparison;

namespace Enneo.Tests.Comparison;

/// <summary>Lists of other helpdesks.</summary>
public sealed class HelpdeskCsvTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Message-ID,Ticket\n<a@x>,1\n", 1, 0)]
    [InlineData("message_id\tticket\tstatus\tassignee\ttime\n<a@x>\t1\tNULL\t\\N\t2026-03-01 10:00:00.123\n", 1, 0)]
    [InlineData("ticket_number;message_id\n1;\"<a;b@x>\"\n\n;<c@x>\n2;<d@x>", 2, 1)]
    [InlineData("message_id,ticket,time\n<a@x>,1,yesterday\n", 0, 1)]
    [InlineData("subject,ticket\nx,1\n", 0, 1)]
    [InlineData("", 0, 1)]
    public async Task FilesAreReadAsDatabasesWriteThem(string csv, int rows, int problems)
    {
        var file = await HelpdeskCsv.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(csv)), Cancel);

        Assert.Equal((rows, problems), (file.Rows.Count, file.Problems.Count));
        Assert.DoesNotContain(file.Rows, row => row.MessageId.Contains('<', StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_has_the_lines_of_SQL_that_the_manual_has()
    {
        var manual = await File.ReadAllTextAsync(Path.Combine(Solution.Folder, "docs", "lost-mail-audit.md"), Cancel);
        var resources = XDocument.Load(Path.Combine(Solution.Folder, "Enneo.Web", "Comparison", "LostMailText.resx"));
        var lines = resources.Descendants("data").Where(data => data.Attribute("name")!.Value.EndsWith("Sql", StringComparison.Ordinal)).Select(data => data.Value).ToList();

        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Contains($"```sql\n{line}\n```", manual, StringComparison.Ordinal));
    }
}
