using Mycelium.Domain.Units;

namespace Mycelium.Domain.Billing;

/// <summary>The bounds of one deposit: from a micro-dollar to a million dollars, so that even the sum of many fits 64 bits.</summary>
public static class Deposit
{
    public static MicroUsd Min { get; } = MicroUsd.From(1);

    public static MicroUsd Max { get; } = MicroUsd.From(1_000_000_000_000);

    /// <summary>The refusal of an amount outside the range, or null when it may be deposited.</summary>
    public static AmountOutOfRange? Refuse(MicroUsd amount) => amount < Min || amount > Max ? new(amount, Min, Max) : null;
}
