namespace Mycelium.Domain.Accounts;

/// <summary>The names of the roles, as they are stored and as the authorization of fields names them.</summary>
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

    /// <summary>The roles of an account that was given these, in the order of <see cref="Role"/>. A name that this release does not know is left out.</summary>
    public static IReadOnlyList<Role> Of(IEnumerable<string> names) =>
        [.. names.Append(Renter).Select(name => Enum.TryParse(name, ignoreCase: true, out Role role) ? role : (Role?)null).OfType<Role>().Distinct().Order()];
}
