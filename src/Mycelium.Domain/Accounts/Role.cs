namespace Mycelium.Domain.Accounts;

/// <summary>What an account may do. An account may have several roles; new ones may be added.</summary>
public enum Role
{
    /// <summary>Rents slices. Every account has this role.</summary>
    Renter,

    /// <summary>Registers and prices the nodes of its farms. An account has this role while a twin is linked to it.</summary>
    Farmer,

    /// <summary>Registers the operations that its programs run.</summary>
    Partner,

    /// <summary>Funds wallets, links twins and makes accounts partners.</summary>
    Operator,
}
