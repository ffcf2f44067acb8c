using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Mycelium.GraphQL.Engine.Transport.Streams.SingleConnection;

/// <summary>The owner of a shared stream: an account, or a caller without one, of whom only the address is known.</summary>
/// <param name="Account">Null for a caller without an account.</param>
/// <param name="Address">The caller's address when the stream was reserved.</param>
internal sealed record StreamOwner(string? Account, string Address)
{
    public static StreamOwner Of(HttpContext context, GraphQLTransportOptions options) => new(AccountOf(context.User), options.AddressOf(context) ?? "");

    /// <summary>The key by which reservations are counted.</summary>
    public string Key => Account ?? $"address {Address}";

    /// <summary>
    /// Whether the caller may send operations to the stream. Addresses change while a phone travels, so without an account the token is the only
    /// proof.
    /// </summary>
    public bool IsCaller(HttpContext context) => AccountOf(context.User) == Account;

    /// <summary>
    /// Whether the caller may open the stream. A caller that cannot identify itself, such as a browser's <c>EventSource</c>, only needs the token.
    /// </summary>
    public bool MayOpen(HttpContext context) => AccountOf(context.User) is not { } account || account == Account;

    private static string? AccountOf(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true } identity
        ? $"account {user.FindFirstValue(ClaimTypes.NameIdentifier) ?? identity.Name}"
        : null;
}
