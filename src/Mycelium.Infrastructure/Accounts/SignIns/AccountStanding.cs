using System.Collections.Frozen;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>The state of an account in PostgreSQL now, as one of its sign-ins sees it; it overrides what a token says.</summary>
/// <param name="SecurityStamp">Changes with the password, the address and the second factor: tokens with another stamp are out of date.</param>
/// <param name="Roles">The roles that were granted, and <c>farmer</c> while a twin is linked.</param>
/// <param name="IsOpen">The account exists and is not locked, and the sign-in has not ended.</param>
public sealed record AccountStanding(string SecurityStamp, FrozenSet<string> Roles, bool IsOpen)
{
    /// <summary>There is no such account or sign-in.</summary>
    public static readonly AccountStanding None = new("", FrozenSet<string>.Empty, IsOpen: false);
}
