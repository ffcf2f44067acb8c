using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>What a renter wants, and under which key.</summary>
/// <param name="Quote">A quote that we gave and whose signature was checked; without it the price of the moment is charged.</param>
public sealed record RentRequest(AccountId RenterId, RentalWish Wish, SshPublicKey SshPublicKey, IdempotencyKey IdempotencyKey, Quote? Quote = null)
{
    internal const string Operation = "rentSlices";

    internal NodeId NodeId => Wish.CombinationId.NodeId;

    internal Intention Intention => Intention.Of(
        RenterId, Operation, IdempotencyKey,
        Wish.CombinationId, Wish.Quantity, Wish.Term, SshPublicKey, Quote is null ? null : QuoteText.Write(Quote));
}
