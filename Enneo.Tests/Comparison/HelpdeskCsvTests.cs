using System.Text;
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
}
