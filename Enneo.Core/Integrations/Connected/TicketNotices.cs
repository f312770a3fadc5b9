using System.Threading.Channels;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Which tickets of other systems are to be read: noted before anything else is done, so that no news is lost.</summary>
public sealed class TicketNotices(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    /// <summary>Begins what stands for a ticket of ours that is to be looked at again; no other system calls a ticket so.</summary>
    internal const string Own = "\u0001";

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Wakes whoever reads them.</summary>
    internal ChannelReader<bool> Woken => _wake.Reader;

    /// <summary>The hook's system says that something happened with a ticket.</summary>
    /// <returns>False where no integration has that hook.</returns>
    internal async Task<bool> NoteAsync(long hookId, string externalId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await db.Set<Integration>().Where(i => i.HookId == hookId).Select(i => (long?)i.Id).FirstOrDefaultAsync(cancellationToken) is not { } integrationId)
        {
            return false;
        }

        await NoteAsync(integrationId, externalId, clock.GetUtcNow(), cancellationToken);
        return true;
    }

    /// <summary>A ticket of ours is to be looked at again then.</summary>
    internal Task NoteOursAsync(long integrationId, long ticketId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var soon = clock.GetUtcNow() + TimeSpan.FromSeconds(1);
        return NoteAsync(integrationId, FormattableString.Invariant($"{Own}{ticketId}"), at > soon ? at : soon, cancellationToken);
    }

    internal async Task NoteAsync(long integrationId, string externalId, DateTimeOffset due, CancellationToken cancellationToken)
    {
        await lane.RunAsync(
            async (db, token) =>
            {
                if (await db.Set<TicketNews>().SingleOrDefaultAsync(n => n.IntegrationId == integrationId && n.ExternalTicketId == externalId, token) is not { } news)
                {
                    news = new TicketNews { IntegrationId = integrationId, ExternalTicketId = externalId, Stamp = 0, NotedAt = clock.GetUtcNow(), DueAt = due };
                    db.Add(news);
                }

                (news.Stamp, news.DueAt) = (news.Stamp + 1, due < news.DueAt ? due : news.DueAt);
                await db.SaveChangesAsync(token);
            },
            cancellationToken);
        _wake.Writer.TryWrite(true);
    }
}
