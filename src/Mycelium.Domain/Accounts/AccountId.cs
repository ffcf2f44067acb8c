namespace Mycelium.Domain.Accounts;

/// <summary>The ID of a signed-up account: a renter, a farmer, a partner or an operator.</summary>
public readonly record struct AccountId(Guid Value) : IComparable<AccountId>
{
    public int CompareTo(AccountId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}
