using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Provisioning;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>What to rent, for how long, and the quote to use.</summary>
/// <param name="SliceCombinationId">The combination to rent units of.</param>
/// <param name="Quantity">Units of the combination, 1 to 1,000.</param>
/// <param name="Term">For how long; paid in advance. None for a metered rental.</param>
/// <param name="SshPublicKey">One line of an OpenSSH public key: Ed25519, ECDSA, or RSA with at least 3,072 bits. Never a private key.</param>
/// <param name="QuoteToken">
/// The <c>token</c> of the caller's <c>rentalQuote</c> for the same combination, quantity and term, not used before. Without it, the current price is charged.
/// </param>
/// <param name="ReservationId">The caller's reservation of exactly this combination and quantity: its slices are rented.</param>
/// <param name="Name">What the rental is called in lists, 1 to 64 characters. It can be changed.</param>
/// <param name="Image">The ID of one of the grid's <c>images</c> for the machine to start from; null for the grid's default.</param>
/// <param name="Billing"><c>PREPAID</c> for a term, or <c>METERED</c> to pay each hour (UTC) when it begins, at the node's price of now, until you
/// cancel.</param>
/// <param name="SpendingLimit">What a metered rental may cost in all, extras included; null for no limit. It can be changed.</param>
/// <param name="IdempotencyKey">
/// 8 to 64 visible ASCII characters, such as a UUID. Sent again with the same input, the request never rents twice and gets the first answer.
/// </param>
public sealed record RentSlicesInput(
    [property: ID<SliceCombination>] SliceCombinationId SliceCombinationId, string SshPublicKey, [IdempotencyKey] string IdempotencyKey,
    RentalTermInput? Term = null, int Quantity = 1, [StringLength(QuoteTokens.LengthMax)] string? QuoteToken = null,
    [property: ID<Reservation>] ReservationId? ReservationId = null,
    string? Name = null, [StringLength(ImageId.LengthMax)] string? Image = null, RentalBilling Billing = RentalBilling.Prepaid,
    MicroUsd? SpendingLimit = null);

[MutationType]
public static class RentSlicesMutation
{
    /// <summary>
    /// Rents units of a slice combination. The charge is exactly the quote, to the micro-dollar, and the slices are the caller's as soon as the answer arrives.
    /// The rental is <c>PROVISIONING</c> until its machine can be reached (<c>access</c>), and billing begins then. If that takes more than 15 minutes, the
    /// rental fails and everything is refunded. On grids that sell slices without machines it is <c>ACTIVE</c> at once. A metered rental needs an hour's price
    /// in the wallet; from <c>ACTIVE</c> on it pays for the rest of the running hour, and then for each hour when it begins.
    /// </summary>
    [Authorize]
    [GraphQLName("rentSlices")]
    public static async Task<IRentSlicesResult> Execute(
        RentSlicesInput input, ClaimsPrincipal user, AllocationDesk desk, QuoteTokens tokens, MachineImages images, CancellationToken cancellation)
    {
        if (RentalWish.Refuse(input.Quantity) is { } quantity)
            return quantity;
        if (FlawOf(input) is { } flaw)
            return new InvalidBilling(flaw);
        RentalTerm? term = RentalTerm.OfHours(RentalHours.From(1)); // A metered rental is paid by the hour.
        if (input.Term is { } asked && !RentalTerm.TryCreate(asked.Hours, asked.Months, out term))
            return new InvalidRentalTerm(asked.Hours, asked.Months);
        if (!SshPublicKey.TryParse(input.SshPublicKey, out SshPublicKey? key, out InvalidSshPublicKey? problem))
            return problem;
        if (input.Name is { } name && RentalName.Refuse(name) is { } invalidName)
            return invalidName;
        ImageId? image = null;
        if (input.Image is { } imageText && !ImageId.TryParse(imageText, out image))
            return new ImageNotFound(imageText);
        ImageNotFound? noImage = image is null ? null : await images.RefuseAsync(input.SliceCombinationId.NodeId, image, cancellation);
        Quote? quote = null;
        if (input.QuoteToken is { } token && !tokens.TryOpen(token, out quote))
            return new QuoteMismatch();

        var wish = new RentalWish(input.SliceCombinationId, input.Quantity, term);
        var request = new RentRequest(user.RequiredAccountId(), wish, key, IdempotencyKey.Parse(input.IdempotencyKey), quote, user.HasPartnerLimits())
        {
            ReservationId = input.ReservationId,
            Name = input.Name,
            Image = image,
            NoImage = noImage,
            Billing = input.Billing,
            SpendingLimit = input.SpendingLimit,
        };
        return await desk.RentAsync(request, cancellation);
    }

    private static BillingFlaw? FlawOf(RentSlicesInput input) => input switch
    {
        { Billing: RentalBilling.Prepaid, Term: null } => BillingFlaw.TermMissing,
        { Billing: RentalBilling.Prepaid, SpendingLimit: not null } => BillingFlaw.LimitForPrepaid,
        { Billing: RentalBilling.Metered, Term: not null } => BillingFlaw.TermForMetered,
        { Billing: RentalBilling.Metered, QuoteToken: not null } => BillingFlaw.QuoteForMetered,
        _ => null,
    };
}
