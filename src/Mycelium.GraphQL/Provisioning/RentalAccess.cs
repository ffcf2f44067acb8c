using System.Security.Claims;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Nodes;
using Mycelium.Infrastructure.Provisioning;

namespace Mycelium.GraphQL.Provisioning;

/// <summary>Whether and how a rental's machine can be reached.</summary>
public enum AccessState
{
    /// <summary>
    /// The grid sells slices without machines, and the renter deploys on them; or the rental is of a whole node, on which machines are placed.
    /// </summary>
    None,

    /// <summary>The machine is being made or rebuilt.</summary>
    Creating,

    /// <summary>The renter can log in.</summary>
    Ready,

    /// <summary>The machine could not be made, or has broken; <c>reason</c> says why.</summary>
    Failed,

    /// <summary>The rental has ended, and its machine with it.</summary>
    Ended,
}

/// <summary>How a rental's machine is reached. Only its renter sees this.</summary>
/// <param name="State">Unless it is <c>READY</c>, only <c>reason</c> may have a value: <c>hostKeys</c> is empty and the other fields are null.</param>
/// <param name="Reason">Why the last attempt to make the machine failed, for people; null if it did not.</param>
/// <param name="Host">The name or address to connect to by SSH.</param>
/// <param name="Port">The port of SSH.</param>
/// <param name="User">The name to log in with.</param>
/// <param name="HostKeys">
/// What the machine proves itself with: kind and base64, as in a file known_hosts. Compare them with what the machine shows, so that nobody can take its place.
/// </param>
/// <param name="Instructions">What else there is to know, for people.</param>
/// <param name="ConsoleUrl">A console in the browser, if there is one.</param>
public sealed record RentalAccess(
    AccessState State, string? Reason, string? Host, int? Port, string? User,
    [property: ListSize(AssumedSize = MachineAccess.HostKeysMax)] IReadOnlyList<string> HostKeys, string? Instructions, string? ConsoleUrl)
{
    internal static RentalAccess Of(AccessState state, SeenMachine? machine)
    {
        MachineAccess? access = state == AccessState.Ready ? machine?.Access : null;
        return new(
            state, machine?.Reason, access?.Host, access?.Port, access?.User, access?.HostKeys ?? [], access?.Instructions, access?.ConsoleUrl?.AbsoluteUri);
    }
}

[ExtendObjectType<Rental>]
public static class RentalAccessType
{
    /// <summary>How the machine is reached.</summary>
    [Cost(1)] // One query for all objects of a list.
    public static async Task<RentalAccess?> GetAccess(
        [Parent(nameof(Rental.Id), nameof(Rental.NodeId), nameof(Rental.RenterId), nameof(Rental.EndedAt), nameof(Rental.Kind))] Rental rental,
        ClaimsPrincipal user,
        MachineByRentalDataLoader machines, GridNodeByIdDataLoader nodes, Provisioners provisioners)
    {
        if (user.AccountId() != rental.RenterId)
            return null; // Whichever way somebody else came by the rental.
        SeenMachine? machine = await machines.LoadAsync(rental.Id);
        AccessState state = machine?.State switch
        {
            _ when rental.EndedAt is not null => AccessState.Ended,
            MachineState.Ready => AccessState.Ready,
            MachineState.Failed => AccessState.Failed,
            MachineState.Deleting or MachineState.Gone => AccessState.Ended,
            null when rental.Kind == RentalKind.WholeNode => AccessState.None,
            null when !provisioners.Has((await nodes.LoadRequiredAsync(rental.NodeId)).Grid) => AccessState.None,
            _ => AccessState.Creating,
        };
        return RentalAccess.Of(state, machine);
    }
}

public sealed class MachineByRentalDataLoader(MachineReader machines) : BatchDataLoader<RentalId, SeenMachine>
{
    protected override Task<IReadOnlyDictionary<RentalId, SeenMachine>> LoadBatchAsync(IReadOnlyList<RentalId> keys, CancellationToken cancellation) =>
        machines.ReadAsync(keys, cancellation);
}
