using System.Collections.Concurrent;
using Enneo.Core.Integrations.Patching;

namespace Enneo.Core.Integrations.Connected;

/// <summary>How an exchange ended.</summary>
/// <param name="Again">When it is to be looked at again though nothing happens; null for not.</param>
internal sealed record ExchangeEnd(DateTimeOffset? Again)
{
    public static readonly ExchangeEnd Done = new((DateTimeOffset?)null);
}

/// <summary>
/// Brings a ticket to the same state here and there. It reads both sides, compares them with what both had last agreed on,
/// and does what is missing, until nothing is: whatever it was called for, and whenever it was interrupted, the end is the same.
/// </summary>
internal sealed class TicketExchange(
    ActingIntegrations integrations, OurTicketReading reading, TicketLinks links, MessageTaking taking, MessageGiving giving, MessageFollowing following, SplitFollowing splits, TicketPatching patching, ExchangeRecords records) : IDisposable
{
    /// <summary>A change of one side may bring another of itself, such as the priority that a tag sets.</summary>
    private const int Rounds = 8;

    /// <summary>One at a time for each other system: what is opened here is not taken for news when its echo comes.</summary>
    private readonly ConcurrentDictionary<long, SemaphoreSlim> _turns = new();

    /// <summary>Something happened here.</summary>
    /// <param name="sequence">Of the log; where the other side knows all up to there, nothing is done.</param>
    /// <exception cref="OtherSystemException">It could not be done now, or the other side refuses it.</exception>
    public Task<ExchangeEnd> OfOursAsync(long integrationId, long ticketId, long sequence, CancellationToken cancellationToken) =>
        InTurnAsync(integrationId, async (acting, system, calls) =>
        {
            var names = await links.OfOursAsync(acting, ticketId, cancellationToken);
            if (names.Count > 0 && await records.AreSettledAsync(integrationId, names, sequence, cancellationToken))
            {
                return ExchangeEnd.Done;
            }

            if (names.Count == 0)
            {
                return await OpenThereAsync(acting, system, calls, ticketId, cancellationToken);
            }

            ExchangeEnd end = ExchangeEnd.Done;
            foreach (var (index, name) in names.Index())
            {
                if (index > 0 && acting.Gives(SyncedField.Conversations))
                {
                    await MergeThereAsync(system, calls, name, names[0], cancellationToken);
                }

                var one = await ExchangeAsync(acting, system, calls, name, ticketId, isFirst: index == 0, isTheirNews: false, cancellationToken);
                end = one.Again is null ? end : one;
            }

            return end;
        }, cancellationToken);

    /// <summary>The other side says that something happened there.</summary>
    /// <inheritdoc cref="OfOursAsync"/>
    public Task<ExchangeEnd> OfTheirsAsync(long integrationId, string externalId, CancellationToken cancellationToken) =>
        InTurnAsync(integrationId, async (acting, system, calls) =>
        {
            var ticketId = await links.OfTheirsAsync(acting, externalId, cancellationToken);
            if (ticketId is null && await system.ReadAsync(calls, externalId, cancellationToken) is { } theirs)
            {
                externalId = theirs.Id;
                ticketId = await links.OfTheirsAsync(acting, externalId, cancellationToken)
                    ?? await splits.FollowTheirsAsync(acting, system, calls, theirs, cancellationToken)
                    ?? await NamedAsync(acting, system, calls, theirs, cancellationToken);
                if (ticketId is null && !await links.WasThereAsync(acting, externalId, cancellationToken))
                {
                    ticketId = await taking.OpenAsync(acting, calls, theirs, cancellationToken);
                }

                if (ticketId is { } found)
                {
                    await links.LinkAsync(acting, found, externalId, cancellationToken);
                }
            }

            if (ticketId is not { } known)
            {
                return ExchangeEnd.Done;
            }

            var isFirst = (await links.OfOursAsync(acting, known, cancellationToken))[0] == externalId;
            return await ExchangeAsync(acting, system, calls, externalId, known, isFirst, isTheirNews: true, cancellationToken);
        }, cancellationToken);

    public void Dispose()
    {
        foreach (var turn in _turns.Values)
        {
            turn.Dispose();
        }
    }

    private async Task<ExchangeEnd> InTurnAsync(long integrationId, Func<ActingIntegration, IOtherSystem, OtherCalls, Task<ExchangeEnd>> work, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(integrationId, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await integrations.FindAsync(integrationId, cancellationToken) is var (acting, system, calls) ? await work(acting, system, calls) : throw new OtherSystemException(503, ConnectedText.SwitchedOff, null) { IsOutage = true };
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Where nothing is taken, what was split off there is not followed: its messages do not make it a second name of a ticket that is there still.</summary>
    private async Task<long?> NamedAsync(ActingIntegration acting, IOtherSystem system, OtherCalls calls, OtherTicket theirs, CancellationToken cancellationToken)
    {
        var named = await links.NamedAsync(acting, theirs, cancellationToken);
        if (named is not { } ticketId || acting.Takes(SyncedField.Conversations) || acting.Integration.TicketOf(theirs.OurName) is not null)
        {
            return named;
        }

        foreach (var name in await links.OfOursAsync(acting, ticketId, cancellationToken))
        {
            if (await system.ReadAsync(calls, name, cancellationToken) is { MergedInto: null })
            {
                return null;
            }
        }

        return ticketId;
    }

    private async Task<ExchangeEnd> OpenThereAsync(ActingIntegration acting, IOtherSystem system, OtherCalls calls, long ticketId, CancellationToken cancellationToken)
    {
        if (await reading.FindAsync(acting, ticketId, cancellationToken) is not { IsSpam: false } ours)
        {
            return ExchangeEnd.Done;
        }

        var (name, again) = await splits.FollowOursAsync(acting, system, calls, ours, cancellationToken);
        if (name is null && again is null && acting.Integration.TheirMailbox.Length > 0)
        {
            (name, again) = await giving.OpenAsync(acting, system, calls, ours, cancellationToken);
        }

        return name is not null ? await ExchangeAsync(acting, system, calls, name, ticketId, isFirst: true, isTheirNews: false, cancellationToken) : new ExchangeEnd(again);
    }

    /// <summary>Messages before fields: one that comes may open its ticket again.</summary>
    private async Task<ExchangeEnd> ExchangeAsync(
        ActingIntegration acting, IOtherSystem system, OtherCalls calls, string name, long ticketId, bool isFirst, bool isTheirNews, CancellationToken cancellationToken)
    {
        StuckMessages stuck = new();
        for (var round = 0; round < Rounds; round++)
        {
            var theirs = await system.ReadAsync(calls, name, cancellationToken);
            if (await reading.FindAsync(acting, ticketId, cancellationToken) is not { } ours)
            {
                return ExchangeEnd.Done; // the other side keeps what it has
            }

            if (theirs is null)
            {
                await records.KeepGoneAsync(acting, name, ours, cancellationToken);
                return ExchangeEnd.Done;
            }

            if (theirs.MergedInto is { } survivor)
            {
                ticketId = await links.FollowMergeAsync(acting, ticketId, name, survivor, cancellationToken);
                name = survivor;
                continue;
            }

            if (await FollowMergesAsync(acting, system, calls, name, ticketId, theirs, cancellationToken) is { } merged)
            {
                ticketId = merged;
                continue;
            }

            var took = await taking.RunAsync(acting, calls, ours, theirs, stuck, cancellationToken);
            var given = took ? new GivingEnd(Any: false, Again: null) : isFirst ? await giving.RunAsync(acting, system, calls, ours, name, stuck, cancellationToken) : new(false, null);
            BothSides sides = new(acting, system, calls, ours, theirs, stuck);
            if (took || given.Any || await following.RunAsync(sides, cancellationToken) || !await SettleAsync(sides, name, isTheirNews, cancellationToken))
            {
                continue;
            }

            return new ExchangeEnd(given.Again);
        }

        throw new OtherSystemException(503, ConnectedText.NoEnd, null);
    }

    /// <summary>What was merged here is merged there, where the other system can; else each of its tickets is kept in step with the one that is left.</summary>
    private static async Task MergeThereAsync(IOtherSystem system, OtherCalls calls, string from, string into, CancellationToken cancellationToken)
    {
        try
        {
            await system.MergeAsync(calls, from, into, cancellationToken);
        }
        catch (OtherSystemException refused) when (refused.IsRefusal)
        {
            // It knows no such call, or does not let us.
        }
    }

    /// <returns>The ticket that is left, where others were merged into this one there; null for none.</returns>
    private async Task<long?> FollowMergesAsync(
        ActingIntegration acting, IOtherSystem system, OtherCalls calls, string name, long ticketId, OtherTicket theirs, CancellationToken cancellationToken)
    {
        foreach (var (strayId, stray) in await links.StraysAsync(acting, ticketId, theirs, cancellationToken))
        {
            if ((await system.ReadAsync(calls, stray, cancellationToken))?.MergedInto == name)
            {
                return await links.FollowMergeAsync(acting, strayId, stray, name, cancellationToken);
            }
        }

        return null;
    }

    /// <returns>Whether nothing had to be changed.</returns>
    private async Task<bool> SettleAsync(BothSides sides, string name, bool isTheirNews, CancellationToken cancellationToken)
    {
        var (acting, system, calls, ours, theirs, stuck) = sides;
        var plan = FieldPlan.Of(acting, ours, theirs, await records.AgreedAsync(acting.Integration.Id, name, cancellationToken), await records.NamesAsync(cancellationToken));
        if (plan.Takes)
        {
            var result = await patching.RunAsync([plan.Take], acting.Actor, acting.Origin, cancellationToken);
            if (result.Errors.Count > 0)
            {
                throw new OtherSystemException(422, string.Join(' ', result.Errors.Values.SelectMany(words => words)), null);
            }

            if (result.Outcomes[0] is not PatchOutcome.Done)
            {
                return false; // somebody was faster
            }
        }

        if (!plan.Give.IsEmpty)
        {
            try
            {
                await system.ChangeAsync(calls, theirs, plan.Give, cancellationToken);
            }
            catch (OtherSystemException exception) when (exception.IsChangedMeanwhile)
            {
                return false;
            }
        }

        var isAtRest = !plan.Takes && plan.Give.IsEmpty;
        await records.KeepAsync(acting, name, plan, stuck.Problem, ours.Sequence, isAtRest, isTheirNews, cancellationToken);
        return isAtRest;
    }
}
