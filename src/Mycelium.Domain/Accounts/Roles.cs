namespace Mycelium.Domain.Accounts;

/// <summary>The names of the roles, as stored and as used by the authorization of fields.</summary>
public static class Roles
{
    /// <summary>Rents slices.</summary>
    public const string Renter = "renter";

    /// <summary>Registers and prices the nodes of its farms. An account has this role while a twin is linked to it.</summary>
    public const string Farmer = "farmer";

    /// <summary>Funds wallets, links twins and makes accounts partners.</summary>
    public const string Operator = "operator";

    /// <summary>Registers the operations that its programs run.</summary>
    public const string Partner = "partner";

    /// <summary>The roles with these names, in the order of <see cref="Role"/>. Names that this release does not know are ignored.</summary>
    public static IReadOnlyList<Role> Of(IEnumerable<string> names) =>
        [.. names.Append(Renter).Select(name => Enum.TryParse(name, ignoreCase: true, out Role role) ? role : (Role?)null).OfType<Role>().Distinct().Order()];
}
