using System.Security.Claims;

namespace Mycelium.GraphQL.Callers;

/// <summary>How much one caller may use: section <c>RateLimits</c>. 0 means no limit. docs/cost.md explains points.</summary>
public sealed class RateLimitSettings
{
    public const string Section = "RateLimits";

    /// <summary>
    /// Points per minute of one address, for anonymous callers; an IPv6 /64 network counts as one address. 240,000 is enough for an office
    /// of 50 people behind one address, each of whom loads an expensive page (650 points) seven times a minute, or opens three dashboards
    /// (1,260 points each) at once. The most expensive operation allowed fits 96 times.
    /// </summary>
    public int AnonymousPoints { get; set; } = 240_000;

    /// <summary>
    /// Points per minute of one account, from any address. The same number is ample, because an account is one person, whereas an address
    /// may be an office.
    /// </summary>
    public int AccountPoints { get; set; } = 240_000;

    /// <summary>Points per minute of a partner's or operator's account. Ten times as many, because a partner's servers act for many customers.</summary>
    public int PartnerPoints { get; set; } = 2_400_000;

    /// <summary>Anonymous sockets of one address, per replica. 100 is enough for an office of 50 people with two tabs each.</summary>
    public int SocketsPerAddress { get; set; } = 100;

    /// <summary>Open HTTP responses (streams) of one address, for anonymous callers, per replica; as many as sockets.</summary>
    public int StreamsPerAddress { get; set; } = 100;

    /// <summary>Open HTTP responses of one account, per replica; as many as its sockets.</summary>
    public int StreamsPerAccount { get; set; } = 100;

    internal int PointsOf(ClaimsPrincipal user) => user.HasPartnerLimits() ? PartnerPoints : AccountPoints;

    internal static int? Bound(int setting) => setting > 0 ? setting : null;
}
