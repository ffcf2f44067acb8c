using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;

namespace Mycelium.Infrastructure.Names;

/// <summary>What names cost, and how many an account may hold: section <c>Names</c>.</summary>
public sealed class NameOptions
{
    public const string Section = "Names";

    /// <summary>Dollars for a name and hour, fixed for a name when it is reserved. The default is that of the chain's genesis: 0.25 mUSD.</summary>
    public decimal PricePerHour { get; set; } = 0.00025m;

    /// <summary>Names that an account may hold at once: they cost next to nothing, and good ones are few.</summary>
    public int NamesMax { get; set; } = 20;

    internal MicroUsdPerHour Price => MicroUsdPerHour.From(ExtrasOptions.MicroUsdOf(PricePerHour));
}
