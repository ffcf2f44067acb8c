using Mycelium.Domain.Units;

namespace Mycelium.Domain.Billing;

/// <summary>What one deposit may be: from a micro-dollar to a million dollars, which keeps sums of many far from 64 bits.</summary>
public static class Deposit
{
    public static MicroUsd Min { get; } = MicroUsd.From(1);

    public static MicroUsd Max { get; } = MicroUsd.From(1_000_000_000_000);

    /// <summary>The refusal of an amount outside the range, or null when it may be deposited.</summary>
    public static AmountOutOfRange? Refuse(MicroUsd amount) => amount < Min || amount > Max ? new(amount, Min, Max) : null;
}
