using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>A stream ends with the right of its viewer, which a request that is answered at once need not look at.</summary>
internal static class StreamExpiry
{
    /// <summary>A timer cannot be set much further than this; it then looks again.</summary>
    private static readonly TimeSpan CheckMax = TimeSpan.FromDays(1);

    /// <summary>When the ticket of the request's viewer expires; null when it does not.</summary>
    public static DateTimeOffset? Of(HttpContext context) => context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc;

    public static ITimer? Start(DateTimeOffset? expiresAt, TimeProvider clock, Action end)
    {
        if (expiresAt is not { } at)
            return null;
        ITimer timer = null!;
        timer = clock.CreateTimer(_ => Check(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Check();
        return timer;

        void Check()
        {
            TimeSpan left = at - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
                end();
            else
                timer.Change(left < CheckMax ? left : CheckMax, Timeout.InfiniteTimeSpan);
        }
    }
}
