using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Mycelium.GraphQL.Engine.Transport.Streams.SingleConnection;

/// <summary>Whose a shared stream is: an account's, or somebody's without one, of whom the address alone is known.</summary>
/// <param name="Account">Null for a caller without an account.</param>
/// <param name="Address">Where the caller came from when the stream was reserved.</param>
internal sealed record StreamOwner(string? Account, string Address)
{
    public static StreamOwner Of(HttpContext context, GraphQLTransportOptions options) => new(AccountOf(context.User), options.AddressOf(context) ?? "");

    /// <summary>Under which reservations are counted.</summary>
    public string Key => Account ?? $"address {Address}";

    /// <summary>Whether the caller may send operations to the stream. Addresses change while a phone travels: without an account, the token is the whole proof.</summary>
    public bool IsCaller(HttpContext context) => AccountOf(context.User) == Account;

    /// <summary>Whether the caller may open the stream: also somebody who does not say who it is, as a browser's <c>EventSource</c> cannot, and has the token.</summary>
    public bool MayOpen(HttpContext context) => AccountOf(context.User) is not { } account || account == Account;

    private static string? AccountOf(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true } identity
        ? $"account {user.FindFirstValue(ClaimTypes.NameIdentifier) ?? identity.Name}"
        : null;
}
