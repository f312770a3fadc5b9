using System.Globalization;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Web.Shell;

namespace Enneo.Web.Activity;

internal static class AuditEndpoints
{
    private const int Batch = 500;

    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Urls.AuditLogFile, WriteAsync).RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
        return routes;
    }

    /// <param name="since">Unix milliseconds, as <paramref name="until"/>.</param>
    private static async Task WriteAsync(
        long? person, AuditTopic? topic, long? since, long? until,
        AuditQueries queries, Accounts accounts, ActorNames actors, MailboxQueries mailboxes, HttpResponse response, CancellationToken cancellationToken)
    {
        AuditFilter filter = new(person, topic, Instant(since), Instant(until));
        var names = await AuditNames.ReadAsync(accounts, actors, mailboxes, cancellationToken);
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=\"enneo-audit-log.csv\"";
        await using StreamWriter writer = new(response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)); // by which spreadsheets know it
        await writer.WriteAsync(CsvRow.Of(AuditText.ColumnTime, AuditText.ColumnWho, AuditText.ColumnWhat, AuditText.ColumnHow, AuditText.ColumnAddress));
        for (var start = 0; ; start += Batch)
        {
            var entries = await queries.PageAsync(filter, start, Batch, cancellationToken);
            foreach (var entry in entries)
            {
                var at = entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                await writer.WriteAsync(CsvRow.Of(at, AuditWords.Who(entry, names), AuditWords.What(entry, names), AuditWords.Door(entry), entry.Address));
            }

            if (entries.Count < Batch)
            {
                break;
            }
        }
    }

    private static DateTimeOffset? Instant(long? milliseconds) =>
        milliseconds is { } value && Math.Abs(value) < 10_000_000_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
