using Mycelium.Domain.Accounts;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Payouts;

/// <summary>The ID of a withdrawal: a UUID of version 7, so IDs sort by creation time. The payout sender knows it by this too.</summary>
public readonly record struct WithdrawalId(Guid Value) : IComparable<WithdrawalId>
{
    public static WithdrawalId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public int CompareTo(WithdrawalId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}

/// <summary>How far a withdrawal is. The amount is locked until it ends.</summary>
public enum WithdrawalState
{
    /// <summary>The amount has left the wallet, and waits for an operator.</summary>
    Requested,

    /// <summary>An operator has approved it.</summary>
    Approved,

    /// <summary>It is on its way.</summary>
    Sent,

    /// <summary>It was paid out.</summary>
    Settled,

    /// <summary>It could not be paid out, and the amount is back in the wallet.</summary>
    Failed,

    /// <summary>An operator has refused it, and the amount is back in the wallet.</summary>
    Refused,
}

/// <summary>An amount that an account takes out of what it has earned.</summary>
public sealed class Withdrawal
{
    private Withdrawal()
    {
    }

    public WithdrawalId Id { get; private set; }

    /// <summary>Whose it is.</summary>
    public AccountId AccountId { get; private set; }

    /// <summary>What is paid out.</summary>
    public MicroUsd Amount { get; private set; }

    /// <summary>How far it is.</summary>
    public WithdrawalState State { get; private set; }

    /// <summary>Why it was refused or failed; null otherwise.</summary>
    public string? Reason { get; private set; }

    /// <summary>When the amount left the wallet.</summary>
    public DateTimeOffset RequestedAt { get; private set; }

    /// <summary>When an operator approved it; null before.</summary>
    public DateTimeOffset? ApprovedAt { get; private set; }

    /// <summary>When it was first handed to the payout sender; null before.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>When it was paid out, or the amount came back; null before.</summary>
    public DateTimeOffset? EndedAt { get; private set; }
}
