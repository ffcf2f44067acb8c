using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>A circuit breaker, and a time limit on each request. Retries are the business of whoever calls: they outlast the process.</summary>
internal static class ProvisionerResilience
{
    public static ResiliencePipeline<ProvisionerAnswer> Build(ProvisioningOptions options, TimeProvider clock) =>
        new ResiliencePipelineBuilder<ProvisionerAnswer> { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ProvisionerAnswer>
            {
                ShouldHandle = static attempt => new(attempt.Outcome.Exception is { } failure && IsPassing(failure)),
                FailureRatio = 0.5,
                MinimumThroughput = options.BreakerRequestsMin,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = options.BreakTime,
            })
            .AddTimeout(options.RequestTimeout)
            .Build();

    /// <summary>The one exception that callers know, or null for one that they know already, a mistake of ours or a cancellation.</summary>
    public static ProvisionerException? Understand(Exception failure) => failure switch
    {
        BrokenCircuitException => new(ProvisionerFailure.LeftAlone, "The provisioner has failed so often that it is left alone for a while.", failure),
        TimeoutRejectedException => new(ProvisionerFailure.TimedOut, "The provisioner took too long.", failure),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            new(ProvisionerFailure.TooLarge, "The provisioner's answer is too large.", failure),
        HttpRequestException or IOException => new(ProvisionerFailure.Unreachable, "The provisioner did not answer.", failure),
        _ => null,
    };

    private static bool IsPassing(Exception failure) =>
        failure is TimeoutRejectedException or IOException or HttpRequestException { HttpRequestError: not HttpRequestError.ConfigurationLimitExceeded }
            or ProvisionerException { Failure: ProvisionerFailure.Unavailable };
}
