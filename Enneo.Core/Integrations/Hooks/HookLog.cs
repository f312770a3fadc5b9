using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Hooks;

/// <summary>How a call began: as a new one, or as one that was there before.</summary>
/// <param name="Earlier">The one that it repeats; null for a new one.</param>
internal sealed record HookBeginning(long CallId, HookCall? Earlier);

/// <summary>
/// Notes each call and what became of it. That it began is written before anything is done: of two that come together one
/// is done, and one that a crash interrupted is done when its sender tries again, by names that make it once.
/// </summary>
internal sealed class HookLog(WriterLane lane, TimeProvider clock)
{
    /// <summary>Bodies that are kept, to try a mapping with.</summary>
    public const int KeptBodies = 20;

    /// <summary>Calls of strangers that are kept: whoever knocks must not fill the disk.</summary>
    public const int KeptStrangers = 200;

    /// <summary>A call that began longer ago than this was interrupted.</summary>
    private static readonly TimeSpan s_longestWork = TimeSpan.FromMinutes(2);

    /// <param name="messageKey">By which a repetition is known; null where nothing tells.</param>
    public Task<HookBeginning> BeginAsync(IncomingHook hook, HookRequest request, HookPayload payload, string? messageKey, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var earlier = messageKey is null ? null : await db.Set<HookCall>().SingleOrDefaultAsync(c => c.HookId == hook.Id && c.MessageKey == messageKey, token);
            if (earlier is { Outcome: HookOutcome.Begun } && clock.GetUtcNow() - earlier.At > s_longestWork)
            {
                (earlier.MessageKey, earlier.Outcome, earlier.Problem) = (null, HookOutcome.Refused, HookText.Interrupted);
                await db.SaveChangesAsync(token);
                earlier = null;
            }

            var call = CallOf(hook.Id, request, payload.Text, isProven: true);
            if (earlier is null)
            {
                call.MessageKey = messageKey;
            }
            else
            {
                (call.Outcome, call.Status, call.TicketId, call.MessageId) = (HookOutcome.Repeated, earlier.Status, earlier.TicketId, earlier.MessageId);
            }

            db.Add(call);
            await TrimAsync(db, call, token);
            await db.SaveChangesAsync(token);
            return new HookBeginning(call.Id, earlier);
        },
        cancellationToken);

    /// <summary>What was refused may be tried again by the same name.</summary>
    public Task EndAsync(long callId, HookAnswer answer, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await db.Set<HookCall>().SingleOrDefaultAsync(c => c.Id == callId, token) is { } call)
            {
                (call.Outcome, call.Status, call.Problem, call.TicketId, call.MessageId) = (answer.Outcome, answer.Status, answer.Problem, answer.TicketId, answer.MessageId);
                call.MessageKey = answer.Outcome is HookOutcome.Refused ? null : call.MessageKey;
                await db.SaveChangesAsync(token);
            }
        },
        cancellationToken);

    /// <param name="body">Kept only of those who know the secret.</param>
    /// <returns>Its place in the log.</returns>
    public Task<long> RefuseAsync(long hookId, HookRequest request, HookAnswer answer, string? body, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var call = CallOf(hookId, request, body, isProven: body is not null);
            (call.Outcome, call.Status, call.Problem) = (HookOutcome.Refused, answer.Status, answer.Problem);
            db.Add(call);
            await TrimAsync(db, call, token);
            await db.SaveChangesAsync(token);
            return call.Id;
        },
        cancellationToken);

    private HookCall CallOf(long hookId, HookRequest request, string? body, bool isProven) => new()
    {
        HookId = hookId,
        At = clock.GetUtcNow(),
        Address = request.Address,
        IsProven = isProven,
        Outcome = HookOutcome.Begun,
        Size = request.Body.Length,
        Body = body is { Length: <= HookCall.MaxBody } ? body : null,
    };

    /// <summary>Each new one lets go of one old one at most.</summary>
    private static Task<int> TrimAsync(EnneoDbContext db, HookCall call, CancellationToken cancellationToken)
    {
        var calls = db.Set<HookCall>().Where(c => c.HookId == call.HookId);
        return call.IsProven
            ? calls.Where(c => c.IsProven && c.Body != null).OrderByDescending(c => c.Id).Skip(KeptBodies - 1).Take(1).ExecuteUpdateAsync(set => set.SetProperty(c => c.Body, (string?)null), cancellationToken)
            : calls.Where(c => !c.IsProven).OrderByDescending(c => c.Id).Skip(KeptStrangers - 1).Take(1).ExecuteDeleteAsync(cancellationToken);
    }
}
