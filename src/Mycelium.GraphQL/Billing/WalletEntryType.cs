using System.Security.Claims;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Rentals;

namespace Mycelium.GraphQL.Billing;

/// <summary>What the schema shows of an entry in addition to its own properties.</summary>
[ObjectType<WalletEntry>]
[ExtendObjectType<WalletEntry>(IgnoreProperties = [nameof(WalletEntry.AccountId), nameof(WalletEntry.IsOwnRental), nameof(WalletEntry.Message)])]
public static class WalletEntryType
{
    /// <summary>What moved and why, for people to read. Programs read <c>kind</c>.</summary>
    /// <remarks>A method: it is not stored, so nothing is filtered or ordered by it.</remarks>
    [Cost(0)]
    public static string GetMessage(
        [Parent(nameof(WalletEntry.Kind), nameof(WalletEntry.Amount), nameof(WalletEntry.IsOwnRental))] WalletEntry entry) => entry.Message;

    /// <summary>The rental that it is for, if you rented it; a farmer knows it by <c>rentalId</c> alone.</summary>
    [Cost(1)] // One query for all objects of a list.
    public static async ValueTask<Rental?> GetRental(
        [Parent(nameof(WalletEntry.RentalId), nameof(WalletEntry.IsOwnRental))] WalletEntry entry, ClaimsPrincipal user, RenterRentalDataLoader rentals) =>
        entry is { RentalId: { } id, IsOwnRental: true } ? await rentals.LoadAsync(new RenterRental(user.RequiredAccountId(), id)) : null;
}
