using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Provisioning;

namespace Mycelium.GraphQL.Provisioning;

/// <summary>The rental whose machine to rebuild, and for whom.</summary>
/// <param name="RentalId">One of the caller's rentals.</param>
/// <param name="SshPublicKey">The key that gets access from now on: one line of an OpenSSH public key, as for <c>rentSlices</c>.</param>
/// <param name="IdempotencyKey">8 to 64 visible ASCII characters, such as a UUID. Sent again, the request deletes no second disk.</param>
/// <param name="Image">The ID of one of the grid's <c>images</c>; null for the image that the machine has.</param>
public sealed record RebuildRentalInput(
    [property: ID<Rental>] RentalId RentalId, string SshPublicKey, [IdempotencyKey] string IdempotencyKey,
    [StringLength(ImageId.LengthMax)] string? Image = null);

[MutationType]
public static class RebuildRentalMutation
{
    /// <summary>Rebuilds the machine of a rental: its disk is lost, its host keys and address may change, and billing goes on.</summary>
    [Authorize]
    [GraphQLName("rebuildRental")]
    public static async Task<IRebuildRentalResult> Execute(
        RebuildRentalInput input, ClaimsPrincipal user, RebuildRental rebuild, CancellationToken cancellation)
    {
        if (!SshPublicKey.TryParse(input.SshPublicKey, out SshPublicKey? key, out InvalidSshPublicKey? problem))
            return problem;
        ImageId? image = null;
        if (input.Image is { } text && !ImageId.TryParse(text, out image))
            return new ImageNotFound(text);
        return await rebuild.Execute(
            user.RequiredAccountId(), input.RentalId, key, image, IdempotencyKey.Parse(input.IdempotencyKey), cancellation);
    }
}
