using System.Collections.Frozen;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>What PostgreSQL says of an account now, as one of its sign-ins sees it; a token's word does not count against it.</summary>
/// <param name="SecurityStamp">Changes with the password, the address and the second factor: tokens with another one are of before.</param>
/// <param name="Roles">Those that were given, and <c>farmer</c> while a twin is linked.</param>
/// <param name="IsOpen">The account is there and not locked, and the sign-in has not ended.</param>
public sealed record AccountStanding(string SecurityStamp, FrozenSet<string> Roles, bool IsOpen)
{
    /// <summary>There is no such account or sign-in.</summary>
    public static readonly AccountStanding None = new("", FrozenSet<string>.Empty, IsOpen: false);
}
