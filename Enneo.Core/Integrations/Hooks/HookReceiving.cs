using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity.ApiKeys;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Hooks;

/// <summary>Takes a call: whether it is genuine, whether it is new, what it says; then it is done, and all of that is noted.</summary>
public sealed class HookReceiving(IDbContextFactory<EnneoDbContext> dbFactory, HookSecrets secrets, HookWork work, WriterLane lane, TimeProvider clock)
{
    private const int NotFound = 404;

    private readonly HookLog _log = new(lane, clock);

    /// <summary>Once it is noted, it is carried through even where the caller has gone.</summary>
    public async Task<HookAnswer> RunAsync(long hookId, HookRequest request, CancellationToken cancellationToken)
    {
        if (await FindAsync(hookId, cancellationToken) is not var (hook, key))
        {
            return HookAnswer.Refused(NotFound, HookText.NoSuchHook);
        }

        if (!hook.IsActive)
        {
            return await RefuseAsync(hook, request, HookAnswer.Refused(NotFound, HookText.SwitchedOff), HookAnswer.Refused(NotFound, HookText.NoSuchHook), null, cancellationToken);
        }

        var proven = HookProving.Check(hook, secrets.Of(hook, clock.GetUtcNow()), request, clock.GetUtcNow());
        if (proven.Problem is { } unproven)
        {
            return await RefuseAsync(hook, request, HookAnswer.Refused(401, unproven), null, null, cancellationToken);
        }

        if (HookPayload.Parse(request.Body) is not { } payload)
        {
            return await RefuseAsync(hook, request, HookAnswer.Refused(400, HookText.NotJson), null, Encoding.UTF8.GetString(request.Body.Span), cancellationToken);
        }

        var begun = await _log.BeginAsync(hook, request, payload, proven.MessageKey, cancellationToken);
        return begun.Earlier is { } earlier ? await RepeatAsync(begun, earlier, cancellationToken) : await DoAsync(begun.CallId, hook, key, request, payload, proven.MessageKey);
    }

    /// <summary>Notes a call that went no further than the door.</summary>
    /// <returns>What it is answered; of a hook that is not there, that.</returns>
    public async Task<HookAnswer> RefuseAsync(long hookId, string? address, int status, string words, CancellationToken cancellationToken) =>
        await FindAsync(hookId, cancellationToken) is var (hook, _)
            ? await RefuseAsync(hook, new HookRequest(_ => null, ReadOnlyMemory<byte>.Empty, address), HookAnswer.Refused(status, words), null, null, cancellationToken)
            : HookAnswer.Refused(NotFound, HookText.NoSuchHook);

    private async Task<HookAnswer> DoAsync(long callId, IncomingHook hook, ApiKey? key, HookRequest request, HookPayload payload, string? messageKey)
    {
        var answer = HookAnswer.Refused(500, HookText.Failed);
        try
        {
            answer = key is null || key.RevokedAt is not null
                ? HookAnswer.Refused(403, HookText.KeyGone)
                : await work.RunAsync(hook, Actor.User(key.UserId, request.Address) with { ApiKeyId = key.Id }, payload, messageKey, CancellationToken.None);
            return answer with { CallId = callId };
        }
        finally
        {
            await _log.EndAsync(callId, answer, CancellationToken.None);
        }
    }

    /// <summary>As the first one was answered; while that is being done, later.</summary>
    private async Task<HookAnswer> RepeatAsync(HookBeginning begun, HookCall earlier, CancellationToken cancellationToken)
    {
        if (earlier.Outcome is not HookOutcome.Begun)
        {
            return HookAnswer.Done(HookOutcome.Repeated, earlier.TicketId, earlier.MessageId) with { CallId = begun.CallId };
        }

        var answer = HookAnswer.Refused(409, HookText.BeingDone) with { CallId = begun.CallId };
        await _log.EndAsync(begun.CallId, answer, cancellationToken);
        return answer;
    }

    /// <param name="told">What the caller is answered, where that is less than what is noted.</param>
    private async Task<HookAnswer> RefuseAsync(IncomingHook hook, HookRequest request, HookAnswer noted, HookAnswer? told, string? body, CancellationToken cancellationToken)
    {
        var callId = await _log.RefuseAsync(hook.Id, request, noted, body, cancellationToken);
        return told ?? noted with { CallId = callId };
    }

    private async Task<(IncomingHook Hook, ApiKey? Key)?> FindAsync(long hookId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var found = await db.Set<IncomingHook>().AsNoTracking().Where(h => h.Id == hookId)
            .Select(h => new { Hook = h, Key = db.ApiKeys.FirstOrDefault(k => k.Id == h.KeyId) })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.Hook, found.Key);
    }
}
