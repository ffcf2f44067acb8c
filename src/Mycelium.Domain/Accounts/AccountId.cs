namespace Mycelium.Domain.Accounts;

/// <summary>Who rents, farms or operates: the id of a signed-up account.</summary>
public readonly record struct AccountId(Guid Value) : IComparable<AccountId>
{
    public int CompareTo(AccountId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}
