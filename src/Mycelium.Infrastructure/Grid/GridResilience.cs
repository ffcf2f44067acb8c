using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Mycelium.Infrastructure.Grid;

/// <summary>From the outside in: a time limit on the request, retries with jitter, a circuit breaker, a time limit on each attempt.</summary>
internal static class GridResilience
{
    /// <summary>A grid that demands more is read again at the next pass.</summary>
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(10);

    public static ResiliencePipeline<GridAnswer> Build(GridOptions options, TimeProvider clock)
    {
        var builder = new ResiliencePipelineBuilder<GridAnswer> { TimeProvider = clock };
        builder.AddTimeout(options.RequestTimeout);
        if (options.RetryCountMax > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<GridAnswer>
            {
                ShouldHandle = static attempt => new(attempt.Outcome.Exception is { } failure ? IsPassing(failure) : attempt.Outcome.Result!.IsPassing),
                MaxRetryAttempts = options.RetryCountMax,
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.RetryDelay,
                UseJitter = true,
                DelayGenerator = static attempt => new(attempt.Outcome.Result?.RetryAfter is { } requested && requested <= RetryAfterMax ? requested : null),
            });
        }
        return builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<GridAnswer>
            {
                ShouldHandle = static attempt => new(attempt.Outcome.Exception is { } failure ? IsPassing(failure) : attempt.Outcome.Result!.IsPassing),
                FailureRatio = 0.5,
                MinimumThroughput = options.BreakerRequestsMin,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = options.BreakTime,
            })
            .AddTimeout(options.AttemptTimeout)
            .Build();
    }

    /// <summary>The one exception that callers know, or null for a mistake of ours or a cancellation.</summary>
    public static GridUnavailableException? Understand(Exception failure, string path) => failure switch
    {
        BrokenCircuitException => new(GridFailure.LeftAlone, "The grid has failed so often that it is left alone for a while.", failure),
        TimeoutRejectedException => new(GridFailure.TimedOut, $"The grid took too long over {path}.", failure),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            new(GridFailure.TooLarge, $"The grid's answer to {path} is too large.", failure),
        HttpRequestException or IOException => new(GridFailure.Unreachable, $"The grid did not answer {path}.", failure),
        _ => null,
    };

    private static bool IsPassing(Exception failure) =>
        failure is TimeoutRejectedException or IOException or HttpRequestException { HttpRequestError: not HttpRequestError.ConfigurationLimitExceeded };
}
