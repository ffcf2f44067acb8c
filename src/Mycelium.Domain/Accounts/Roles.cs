namespace Mycelium.Domain.Accounts;

/// <summary>What an account may do. An account may have several roles.</summary>
public static class Roles
{
    /// <summary>Rents slices.</summary>
    public const string Renter = "renter";

    /// <summary>Registers and prices nodes of the farms whose twin is linked to the account; whoever has such a twin is a farmer.</summary>
    public const string Farmer = "farmer";

    /// <summary>Funds wallets, links twins and makes accounts partners.</summary>
    public const string Operator = "operator";

    /// <summary>Registers the operations that its programs run.</summary>
    public const string Partner = "partner";
}
