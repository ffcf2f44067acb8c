namespace Mycelium.Infrastructure.Billing;

/// <summary>
/// What metered rentals pay next to their slices: section <c>Extras</c>. The defaults are those of the chain's genesis: 4 mUSD an hour and 1.5 mUSD a GB.
/// </summary>
public sealed class ExtrasOptions
{
    public const string Section = "Extras";

    /// <summary>A thousand dollars: with more, an hour would exceed what an hour of extras may cost.</summary>
    internal const decimal PriceMax = 1_000;

    /// <summary>Dollars for a public address and hour.</summary>
    public decimal PublicIpPerHour { get; set; } = 0.004m;

    /// <summary>Dollars for a GiB of traffic.</summary>
    public decimal TrafficPerGib { get; set; } = 0.0015m;

    internal long PublicIpMicroUsd => MicroUsdOf(PublicIpPerHour);

    internal long TrafficMicroUsd => MicroUsdOf(TrafficPerGib);

    internal static bool IsPrice(decimal dollars) => dollars is >= 0 and <= PriceMax;

    /// <summary>Rounded down, in the renter's favour.</summary>
    internal static long MicroUsdOf(decimal dollars) => (long)(dollars * 1_000_000m);
}
