using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>Ends a stream when its viewer's rights expire, which a request with an immediate response does not have to check.</summary>
internal static class StreamExpiry
{
    /// <summary>A timer cannot be set much further ahead than this; it is then set again.</summary>
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
