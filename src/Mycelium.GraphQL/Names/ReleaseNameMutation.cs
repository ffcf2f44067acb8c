using System.Security.Claims;
using Mycelium.Domain.Names;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Names;

namespace Mycelium.GraphQL.Names;

/// <summary>The name to give up.</summary>
/// <param name="NameId">One of the caller's names.</param>
public sealed record ReleaseNameInput([property: ID<ReservedName>] ReservedNameId NameId);

[MutationType]
public static class ReleaseNameMutation
{
    /// <summary>Gives a name up. What was paid for the running hour does not come back, and what was owed is written off.</summary>
    [Authorize]
    [GraphQLName("releaseName")]
    public static Task<IReleaseNameResult> Execute(ReleaseNameInput input, ClaimsPrincipal user, ReleaseName release, CancellationToken cancellation) =>
        release.Execute(user.RequiredAccountId(), input.NameId, cancellation);
}
