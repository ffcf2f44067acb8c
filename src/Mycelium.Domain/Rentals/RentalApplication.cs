using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;

namespace Mycelium.Domain.Rentals;

/// <summary>What a renter sends to rent: the wish, the quote to be charged, and the SSH key that gets access.</summary>
public sealed record RentalApplication(RentalId RentalId, AccountId RenterId, RentalWish Wish, Quote Quote, SshPublicKey SshPublicKey);
