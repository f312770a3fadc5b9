using System.Threading.RateLimiting;
using Enneo.Core.Data;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Enneo.Web.Api;

/// <summary>
/// Bounds the bytes of bodies that are in memory at once. A large body takes its room before it is read and keeps it until it is
/// answered; a few wait for theirs. Small ones need none.
/// </summary>
internal sealed class BodyRoom(IOptions<ApiOptions> options) : IDisposable
{
    /// <summary>Bytes that each body may have without any room.</summary>
    public const int SmallBody = 64 * 1024;

    private const int Unit = 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly int _units = options.Value.BodyBytesAtOnce / Unit;
    private readonly ConcurrencyLimiter _room = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.BodyBytesAtOnce / Unit,
        QueueLimit = options.Value.BodyBytesAtOnce / Unit,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Kilobytes that nobody has.</summary>
    public long Free => _room.GetStatistics()!.CurrentAvailablePermits;

    /// <summary>Kilobytes that somebody waits for.</summary>
    public long Waiting => _room.GetStatistics()!.CurrentQueuedCount;

    /// <summary>Waits for a moment where there is none.</summary>
    /// <returns>Null where there is no room.</returns>
    public async Task<RateLimitLease?> TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            return Held(await _room.AcquireAsync(UnitsOf(bytes), limit.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>More, for a body that did not say how large it is: it waits for nobody, for others may wait for it.</summary>
    /// <returns>Null where there is no room.</returns>
    public RateLimitLease? TryTake(long bytes) => Held(_room.AttemptAcquire(UnitsOf(bytes)));

    public void Dispose() => _room.Dispose();

    /// <summary>One that is larger than all the room has it alone.</summary>
    private int UnitsOf(long bytes) => (int)Math.Min(bytes / Unit + 1, _units);

    private static RateLimitLease? Held(RateLimitLease lease)
    {
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        return null;
    }
}

/// <summary>The room that the body of one request has.</summary>
internal sealed class BodyShare(BodyRoom room, HttpContext context)
{
    private const int Step = 1024 * 1024;

    private long _bytes = BodyRoom.SmallBody;

    /// <summary>A body has become so large.</summary>
    /// <exception cref="BusyException">There is no room for it.</exception>
    public void Grow(long bytes)
    {
        while (bytes > _bytes)
        {
            context.Response.RegisterForDispose(room.TryTake(Step) ?? throw new BusyException(ApiText.TooManyBodies));
            _bytes += Step;
        }
    }

    /// <summary>All of it is taken already.</summary>
    public void Have(RateLimitLease lease)
    {
        context.Response.RegisterForDispose(lease);
        _bytes = long.MaxValue;
    }
}

/// <summary>Lets no large body of a caller in for which there is no room; how large one without a length is, shows as it is read.</summary>
internal sealed class BodyGate(RequestDelegate next, BodyRoom room)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<NeededScope>() is not null && context.User.Identity is { IsAuthenticated: true })
        {
            BodyShare share = new(room, context);
            context.Features.Set(share);
            if (SizeOf(context) is { } size and > BodyRoom.SmallBody)
            {
                if (await room.TakeAsync(size, context.RequestAborted) is not { } lease)
                {
                    await ApiProblem.Busy(context, ApiText.TooManyBodies).ExecuteAsync(context);
                    return;
                }

                share.Have(lease);
            }
        }

        await next(context);
    }

    /// <returns>Null for what is not known, and for what is refused unread.</returns>
    private static long? SizeOf(HttpContext context)
    {
        var most = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        return context.Request.ContentLength is { } length ? length > most ? null : length
            : context.Request.HasFormContentType ? most // a form is read by the framework
            : null;
    }
}
