using System.Globalization;
using System.Threading.RateLimiting;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// The line in front of the endpoints that check passwords. To hash one keeps a thread of the pool, and a core, for some 60 ms; a crowd that signs in would keep all of them, and every
/// other request would wait behind it. So half of the cores check passwords, and who signs in waits for who came before. Who is signed in and refreshes a token shows no password, and passes by.
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

    /// <summary>Who leaves the line is not served; who finds it full is told to come back.</summary>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.Request.Path.Value!.EndsWith("/refresh", StringComparison.OrdinalIgnoreCase))
            return await next(context);
        using RateLimitLease turn = await limiter.AcquireAsync(cancellationToken: context.HttpContext.RequestAborted);
        if (turn.IsAcquired)
            return await next(context);
        context.HttpContext.Response.Headers.RetryAfter = Limits.PasswordRetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(
            statusCode: StatusCodes.Status429TooManyRequests, extensions: new Dictionary<string, object?> { ["limit"] = "passwordsWaiting", ["max"] = Limits.PasswordsWaitingMax });
    }

    public void Dispose() => limiter.Dispose();
}
