using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Mycelium.Domain;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Rentals;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;
using Snapshooter;
using Snapshooter.Xunit;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Rentals;

/// <summary>The full response of every refusal of <c>rentSlices</c>.</summary>
[Collection(ApiCollection.Name)]
public sealed class RentSlicesRefusalTests(ApiHost host)
{
    private const string Rent =
        """
        mutation($input: RentSlicesInput!) {
          rentSlices(input: $input) {
            __typename
            ... on Problem { code message }
            ... on GridHasNoProvisioner { grid }
            ... on InsufficientFunds { balance required missing }
            ... on InvalidInput { fields { path rule message } }
            ... on InvalidBilling { billingFlaw }
            ... on InvalidQuantity { quantity min max }
            ... on InvalidRentalTerm { hours months hoursMin hoursMax monthChoices }
            ... on InvalidSshPublicKey { flaw }
            ... on IdempotencyKeyReused { idempotencyKey }
            ... on NodeContended { nodeId retryAfter }
            ... on NodeUnavailable { nodeId reason }
            ... on NotEnoughSlices { sliceCombinationId requested available }
            ... on QuoteExpired { validUntil }
            ... on QuoteUsed { rentalId }
            ... on RentalLimitReached { limit reached max retryAt }
            ... on SliceCombinationNotFound { sliceCombinationId }
            ... on ImageNotFound { image }
            ... on InvalidRentalName { name lengthMin lengthMax }
            ... on ReservationNotFound { reservationId }
            ... on ReservationMismatch { reservationId sliceCombinationId quantity }
            ... on ReservationEnded { reservationId endReason }
          }
        }
        """;

    public static TheoryData<string> Refusals =>
    [
        .. typeof(IRentSlicesResult).Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(IRentSlicesResult)) && type.IsAssignableTo(typeof(IProblem)))
            .Select(type => type.Name),
    ];

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_matches_its_snapshot(string refusal)
    {
        long node = await (refusal == nameof(NodeUnavailable) ? host.RegisterAsync() : host.PublishAsync(slices: 8));
        Api renter = await host.RenterAsync(dollars: refusal == nameof(InsufficientFunds) ? 0.359999m : 100);
        await using Replica? crowded = refusal == nameof(NodeContended) ? host.StartReplica(("Allocation:QueueMax", "0"))
            : refusal == nameof(RentalLimitReached) ? host.StartReplica(("RentalLimits:ActiveSlices", "4"))
            : refusal == nameof(GridHasNoProvisioner) ? host.StartReplica(("Provisioner", "")) : null;
        string? rentalId = null, reservationId = null;
        Dictionary<string, object?> input = host.Input(node);
        switch (refusal)
        {
            case nameof(InvalidQuantity):
                input["quantity"] = 0;
                break;
            case nameof(NotEnoughSlices):
                input["quantity"] = 9;
                break;
            case nameof(InvalidRentalTerm):
                input["term"] = new { months = 2 };
                break;
            case nameof(InvalidBilling):
                input["billing"] = "METERED"; // With a term.
                break;
            case nameof(InvalidSshPublicKey):
                input["sshPublicKey"] = "ssh-ed25519 AAAA";
                break;
            case nameof(QuoteMismatch):
                input["quoteToken"] = "not a token";
                break;
            case nameof(QuoteUsed):
                input["quoteToken"] = (await renter.QuotedAsync(node)).GetProperty("token").GetString();
                rentalId = (await renter.RentAsync(input)).GetProperty("id").GetString();
                input["idempotencyKey"] = host.NewKey();
                break;
            case nameof(RentalLimitReached):
                input["quantity"] = 8;
                break;
            case nameof(QuoteExpired):
                input["quoteToken"] = await QuotedAtNoonAsync(node);
                break;
            case nameof(InvalidInput):
                (input["idempotencyKey"], input["quoteToken"]) = ("short", new string('x', 1_001));
                break;
            case nameof(SliceCombinationNotFound):
                input["sliceCombinationId"] = ApiHost.Combination(node, multiplier: 3);
                break;
            case nameof(InvalidRentalName):
                input["name"] = "two\nlines";
                break;
            case nameof(ImageNotFound):
                input["image"] = "No Such Image";
                break;
            case nameof(AccountOwes):
                string owing = (await renter.RentAsync(input)).GetProperty("id").GetString()!;
                await host.LetWaitInGraceAsync(owing);
                input["idempotencyKey"] = host.NewKey();
                break;
            case nameof(ReservationNotFound):
                input["reservationId"] = unknownReservation;
                break;
            case nameof(ReservationMismatch):
                input["reservationId"] = reservationId = await ReserveAsync(renter, node);
                input["quantity"] = 2;
                break;
            case nameof(ReservationEnded):
                input["reservationId"] = reservationId = await ReserveAsync(renter, node);
                await renter.MutateAsync("releaseReservation", new { reservationId });
                break;
            case nameof(IdempotencyKeyReused):
                await renter.RentAsync(input);
                input["term"] = new { hours = 25 };
                break;
        }

        JsonElement answer = await host.Client(renter.Token, (crowded ?? host.Replica).Address).SendAsync(Rent, new { input });

        Assert.Equal(refusal, answer.GetProperty("data").GetProperty("rentSlices").GetProperty("__typename").GetString());
        Snapshot.Match(
            Masked(answer, node, input).Replace(rentalId ?? "(none)", "<rental>", StringComparison.Ordinal)
                .Replace(reservationId ?? "(none)", "<reservation>", StringComparison.Ordinal),
            new SnapshotNameExtension(refusal));
    }

    private static readonly string unknownReservation = GlobalId.Encode("Reservation", Guid.Empty);

    private async Task<string> ReserveAsync(Api renter, long node) => (await renter.MutateAsync(
        "reserveSlices", new { sliceCombinationId = ApiHost.Combination(node), idempotencyKey = host.NewKey() },
        "... on SlicesReserved { reservation { id } }"))
        .GetProperty("reservation").GetProperty("id").GetString()!;

    /// <summary>Creates a quote that expired long ago, at an instant that is the same in every run.</summary>
    private async Task<string> QuotedAtNoonAsync(long node)
    {
        await using MyceliumDb db = await host.Replica.Get<IDbContextFactory<MyceliumDb>>().CreateDbContextAsync();
        GridNode stored = await db.GridNodes.SingleAsync(row => row.Id == new NodeId(node));
        return host.Replica.Get<QuoteTokens>().Seal(Quote.For(A.Wish(node), stored, A.Policy, A.Noon));
    }

    private static string Masked(JsonElement answer, long node, Dictionary<string, object?> input) => answer.ToSnapshot(
        ((string)input["sliceCombinationId"]!, "combination"),
        (GlobalId.Encode("GridNode", node), "node"),
        ((string)input["idempotencyKey"]!, "key"),
        (node.ToString(CultureInfo.InvariantCulture), "number"),
        (SliceCombinationId.Of(new NodeId(node), multiplier: 3).ToString(), "number"));
}
