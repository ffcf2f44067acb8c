using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>A machine to place on a node that the caller rents whole.</summary>
/// <param name="RentalId">The caller's rental of the whole node.</param>
/// <param name="Slices">How many of the node's slices the machine has, from 1.</param>
/// <param name="SshPublicKey">The key that gets access; null for the key that was given to <c>rentNode</c>.</param>
/// <param name="Name">What the machine's rental is called in lists, 1 to 64 characters. It can be changed.</param>
/// <param name="Image">The ID of one of the grid's <c>images</c> for the machine to start from; null for the grid's default.</param>
/// <param name="IdempotencyKey">
/// 8 to 64 visible ASCII characters, such as a UUID. Sent again with the same input, the request never places a second machine and gets the first answer.
/// </param>
public sealed record PlaceMachineInput(
    [property: ID<Rental>] RentalId RentalId, [IdempotencyKey] string IdempotencyKey, int Slices = 1, string? SshPublicKey = null, string? Name = null,
    [StringLength(ImageId.LengthMax)] string? Image = null);

[MutationType]
public static class PlaceMachineMutation
{
    /// <summary>
    /// Places a machine on a whole node, without a charge. It has a rental of its own, of kind <c>MACHINE</c>, with <c>access</c>; that one is extended with
    /// the rental of the node and ends with it. <c>cancelRental</c> removes the machine and frees its slices for another.
    /// </summary>
    [Authorize]
    [GraphQLName("placeMachine")]
    public static async Task<IPlaceMachineResult> Execute(
        PlaceMachineInput input, ClaimsPrincipal user, PlaceMachine place, CancellationToken cancellation)
    {
        if (RentalWish.Refuse(input.Slices) is { } slices)
            return slices;
        SshPublicKey? key = null;
        if (input.SshPublicKey is { } text && !SshPublicKey.TryParse(text, out key, out InvalidSshPublicKey? problem))
            return problem;
        if (input.Name is { } name && RentalName.Refuse(name) is { } invalidName)
            return invalidName;
        ImageId? image = null;
        if (input.Image is { } imageText && !ImageId.TryParse(imageText, out image))
            return new ImageNotFound(imageText);

        return await place.Execute(
            new PlaceMachineRequest(
                user.RequiredAccountId(), input.RentalId, input.Slices, IdempotencyKey.Parse(input.IdempotencyKey), key, input.Name, image,
                user.HasPartnerLimits()),
            cancellation);
    }
}
