using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Market;

/// <summary>The platform's numbers for prices. Published prices of the grid differ between sources, so these are settings.</summary>
public sealed record PricingPolicy
{
    /// <summary>What a compute unit costs; a base slice holds exactly one.</summary>
    public MicroUsdPerHour ComputeUnit { get; init; } = MicroUsdPerHour.From(10_000);

    /// <summary>What a storage unit costs; a base slice holds exactly one.</summary>
    public MicroUsdPerHour StorageUnit { get; init; } = MicroUsdPerHour.From(5_000);

    /// <summary>What certified nodes cost on top by default.</summary>
    public BasisPoints CertifiedSurcharge { get; init; } = BasisPoints.FromPercent(25);

    /// <summary>The lowest price a farmer may ask for a slice.</summary>
    public MicroUsdPerHour PriceMin { get; init; } = MicroUsdPerHour.From(1_000);

    /// <summary>The highest price a farmer may ask for a slice.</summary>
    public MicroUsdPerHour PriceMax { get; init; } = MicroUsdPerHour.From(1_000_000);

    /// <summary>How long a quote holds.</summary>
    public TimeSpan QuoteLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What a slice costs when its farmer sets no price.</summary>
    public MicroUsdPerHour DefaultPrice(NodeCertification certification)
    {
        MicroUsdPerHour unit = ComputeUnit + StorageUnit;
        return certification == NodeCertification.Certified ? unit + unit.Part(CertifiedSurcharge) : unit;
    }

    /// <summary>The refusal of a price outside the range, or null when a farmer may ask it.</summary>
    public PriceOutOfRange? Refuse(MicroUsdPerHour price) => price < PriceMin || price > PriceMax ? new(price, PriceMin, PriceMax) : null;
}
