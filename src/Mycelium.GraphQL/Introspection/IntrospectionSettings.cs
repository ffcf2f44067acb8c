using System.Security.Claims;
using Mycelium.Domain.Accounts;

namespace Mycelium.GraphQL.Introspection;

/// <summary>
/// Who may read the schema, by introspection or at <c>/graphql/schema</c>, and gets its names suggested in "Did you mean …?": section
/// <c>Introspection</c>.
/// </summary>
public sealed class IntrospectionSettings
{
    public const string Section = "Introspection";

    /// <summary>Everyone, including anonymous callers.</summary>
    public const string Everyone = "everyone";

    /// <summary>
    /// <c>everyone</c>, <c>nobody</c>, or roles separated by commas, such as <c>farmer,operator</c>. By default everyone in Development,
    /// and otherwise all signed-in callers. Anonymous callers of a production server can read its documentation, so a scanner need not be
    /// able to read its schema.
    /// </summary>
    public string AllowedTo { get; set; } = "";

    /// <exception cref="InvalidOperationException"><see cref="AllowedTo"/> contains an unknown role.</exception>
    public Func<ClaimsPrincipal, bool> Rule(bool isDevelopment)
    {
        string[] audience = AllowedTo.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return audience switch
        {
            [] when isDevelopment => _ => true,
            [] => user => user.AccountId() is not null,
            [Everyone] => _ => true,
            ["nobody"] => _ => false,
            _ when Array.Find(audience, name => !known.Contains(name)) is { } wrong =>
                throw new InvalidOperationException($"Introspection:AllowedTo: '{wrong}' is neither everyone, nobody nor a role ({string.Join(", ", known)})."),
            _ => user => Array.Exists(audience, user.IsInRole),
        };
    }

    private static readonly string[] known = [Roles.Renter, Roles.Farmer, Roles.Operator, Roles.Partner];
}
