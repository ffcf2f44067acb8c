using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Market;

/// <summary>The platform's pricing. These are settings, because sources disagree about the grid's published prices.</summary>
public sealed record PricingPolicy
{
    /// <summary>What a compute unit costs; a base slice has exactly one.</summary>
    public MicroUsdPerHour ComputeUnit { get; init; } = MicroUsdPerHour.From(10_000);

    /// <summary>What a storage unit costs; a base slice has exactly one.</summary>
    public MicroUsdPerHour StorageUnit { get; init; } = MicroUsdPerHour.From(5_000);

    /// <summary>How much more certified nodes cost by default.</summary>
    public BasisPoints CertifiedSurcharge { get; init; } = BasisPoints.FromPercent(25);

    /// <summary>The lowest price that a farmer may set for a slice.</summary>
    public MicroUsdPerHour PriceMin { get; init; } = MicroUsdPerHour.From(1_000);

    /// <summary>The highest price that a farmer may set for a slice.</summary>
    public MicroUsdPerHour PriceMax { get; init; } = MicroUsdPerHour.From(1_000_000);

    /// <summary>What a whole node costs less than its slices: half, as on the grid.</summary>
    public BasisPoints WholeNodeDiscount { get; init; } = BasisPoints.FromPercent(50);

    /// <summary>How long a quote is valid.</summary>
    public TimeSpan QuoteLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What a slice costs if its farmer sets no price.</summary>
    public MicroUsdPerHour DefaultPrice(NodeCertification certification)
    {
        MicroUsdPerHour unit = ComputeUnit + StorageUnit;
        return certification == NodeCertification.Certified ? unit + unit.Part(CertifiedSurcharge) : unit;
    }

    /// <summary>The refusal of a price outside the range, or null if the price is allowed.</summary>
    public PriceOutOfRange? Refuse(MicroUsdPerHour price) => price < PriceMin || price > PriceMax ? new(price, PriceMin, PriceMax) : null;
}
