using System.Security.Claims;

namespace Mycelium.GraphQL.Callers;

/// <summary>What one caller may ask for: section <c>RateLimits</c>. 0 is no bound. docs/cost.md says what a point is.</summary>
public sealed class RateLimitSettings
{
    public const string Section = "RateLimits";

    /// <summary>
    /// Points a minute of one address without an account, an IPv6 network of 64 bits counting as one. 240,000: an office of 50 people behind one address, each of whom asks for a costly
    /// page (650 points) seven times a minute, or opens three dashboards (1,260 points each) at once. The costliest operation that is admitted fits in 96 times.
    /// </summary>
    public int AnonymousPoints { get; set; } = 240_000;

    /// <summary>Of one account, wherever it calls from. As many: an account is one person, an address may be an office.</summary>
    public int AccountPoints { get; set; } = 240_000;

    /// <summary>Of a partner's or an operator's account. Ten times as many: a partner's servers ask for many customers.</summary>
    public int PartnerPoints { get; set; } = 2_400_000;

    /// <summary>Sockets of one address on which nobody has signed in, at each replica. 100: an office of 50 with two tabs each.</summary>
    public int SocketsPerAddress { get; set; } = 100;

    /// <summary>Answers over HTTP that may stay open, of one address without an account, at each replica; as many as sockets.</summary>
    public int StreamsPerAddress { get; set; } = 100;

    /// <summary>The same of one account; as many as its sockets.</summary>
    public int StreamsPerAccount { get; set; } = 100;

    internal int PointsOf(ClaimsPrincipal user) => user.HasPartnerLimits() ? PartnerPoints : AccountPoints;

    internal static int? Bound(int setting) => setting > 0 ? setting : null;
}
