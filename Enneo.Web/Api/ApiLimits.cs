using System.Globalization;
using System.Threading.RateLimiting;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.RateLimiting;

namespace Enneo.Web.Api;

/// <summary>How often a key or a person may call: as much at once as in a minute, and then as it flows back.</summary>
internal static class ApiLimits
{
    public const string Policy = "Api";

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    public static void Configure(RateLimiterOptions limiter, ApiOptions options)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = RejectAsync;
        limiter.AddPolicy(Policy, context => RateLimitPartition.GetTokenBucketLimiter(
            ApiClaims.FindKeyId(context.User) is { } key ? $"key {key}" : $"person {SessionClaims.FindUserId(context.User)}",
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = options.RequestsPerMinute,
                TokensPerPeriod = Math.Max(1, options.RequestsPerMinute / 60),
                ReplenishmentPeriod = s_period,
                QueueLimit = 0,
            }));
    }

    private static async ValueTask RejectAsync(OnRejectedContext context, CancellationToken cancellationToken)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : s_period;
        context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await TypedResults.Problem(ApiText.TooMany, statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(context.HttpContext);
    }
}
