using Mycelium.Domain.Rentals;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>How much one account may rent and cancel: section <c>RentalLimits</c>. 0 is no bound, except for <see cref="PartnerFactor"/>.</summary>
public sealed class RentalLimitOptions
{
    public const string Section = "RentalLimits";

    /// <summary>
    /// 64 base slices held at once: two of the largest machines, which is enough for one person's project, and a hundredth of what a thousand nodes have.
    /// </summary>
    public int ActiveSlices { get; set; } = 64;

    /// <summary>60 rentals in any hour: one a minute, faster than anyone rents by hand.</summary>
    public int RentalsPerHour { get; set; } = 60;

    /// <summary>20 cancellations in any hour. A cancelled rental costs next to nothing and kept its slices from others.</summary>
    public int CancellationsPerHour { get; set; } = 20;

    /// <summary>10 times as much for partners and operators: a partner's account rents for many customers. At least 1.</summary>
    public int PartnerFactor { get; set; } = 10;

    /// <param name="isPartner">Whether the account is a partner or an operator.</param>
    internal RentalLimits For(bool isPartner)
    {
        var limits = new RentalLimits(Bound(ActiveSlices), Bound(RentalsPerHour), Bound(CancellationsPerHour));
        return isPartner ? limits.Times(PartnerFactor) : limits;
    }

    private static int? Bound(int setting) => setting > 0 ? setting : null;
}
