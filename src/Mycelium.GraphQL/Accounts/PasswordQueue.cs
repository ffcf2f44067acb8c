using System.Globalization;
using System.Threading.RateLimiting;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// The queue in front of the endpoints that check passwords. Hashing a password occupies a pool thread and a core for about 60 ms. Without
/// the queue, many sign-ins at once would occupy all of them, and every other request would wait. So at most half of the cores hash
/// passwords; other sign-ins queue in order. Token refreshes need no password and bypass the queue.
/// </summary>
internal sealed class PasswordQueue(int atOnce, int waitingMax) : IEndpointFilter, IDisposable
{
    private readonly ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = atOnce,
        QueueLimit = waitingMax,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public static PasswordQueue ForThisMachine() => new(Math.Max(1, Environment.ProcessorCount / 2), Limits.PasswordsWaitingMax);

    public long WaitingCount => limiter.GetStatistics()!.CurrentQueuedCount;

    /// <summary>A caller who disconnects leaves the queue. If the queue is full, the caller is asked to retry later.</summary>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.Request.Path.Value!.EndsWith("/refresh", StringComparison.OrdinalIgnoreCase))
            return await next(context);
        using RateLimitLease turn = await limiter.AcquireAsync(cancellationToken: context.HttpContext.RequestAborted);
        if (turn.IsAcquired)
            return await next(context);
        context.HttpContext.Response.Headers.RetryAfter = Limits.PasswordRetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(
            statusCode: StatusCodes.Status429TooManyRequests,
            extensions: new Dictionary<string, object?> { ["limit"] = "passwordsWaiting", ["max"] = Limits.PasswordsWaitingMax });
    }

    public void Dispose() => limiter.Dispose();
}
