using Mycelium.Domain.Market;
using Mycelium.Domain.Units;

namespace Mycelium.Infrastructure.Market;

/// <summary>
/// The platform's prices: section <c>Pricing</c>. Rates are micro-dollars an hour; <see cref="PricingPolicy"/> explains each and its default.
/// </summary>
public sealed class PricingOptions
{
    public const string Section = "Pricing";
    private static readonly PricingPolicy defaults = new();

    public long ComputeUnitMicroUsdPerHour { get; set; } = defaults.ComputeUnit.Value;
    public long StorageUnitMicroUsdPerHour { get; set; } = defaults.StorageUnit.Value;
    public int CertifiedSurchargeBasisPoints { get; set; } = defaults.CertifiedSurcharge.Value;
    public long PriceMinMicroUsdPerHour { get; set; } = defaults.PriceMin.Value;
    public long PriceMaxMicroUsdPerHour { get; set; } = defaults.PriceMax.Value;
    public TimeSpan QuoteLifetime { get; set; } = defaults.QuoteLifetime;

    internal PricingPolicy ToPolicy() => new()
    {
        ComputeUnit = MicroUsdPerHour.From(ComputeUnitMicroUsdPerHour),
        StorageUnit = MicroUsdPerHour.From(StorageUnitMicroUsdPerHour),
        CertifiedSurcharge = BasisPoints.From(CertifiedSurchargeBasisPoints),
        PriceMin = MicroUsdPerHour.From(PriceMinMicroUsdPerHour),
        PriceMax = MicroUsdPerHour.From(PriceMaxMicroUsdPerHour),
        QuoteLifetime = QuoteLifetime,
    };
}
