using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Rentals;

[Collection(ApiCollection.Name)]
public sealed class MoveRentalTests(ApiHost host)
{
    private const string Fields =
        """
        id status endReason endMessage paid refunded name multiplier quantity sliceTotal startsAt endsAt sshPublicKey
        autoRenew { maxPricePerHour } segments { kind paid refunded } timeline { reason } movedFrom { id } movedTo { id } gridNode { gridId freeSlices }
        """;

    private const string Moved = $$"""
        ... on RentalMoved { rental { {{Fields}} } from { {{Fields}} } }
        ... on NodeNotDown { nodeId downSince movableAt }
        ... on CombinationDoesNotFit { multiplier sliceTotal }
        ... on InsufficientRemaining { remaining pricePerHour }
        """;

    private Task<JsonElement> MoveAsync(Api renter, JsonElement rental, long gridId, int multiplier = 1, string? key = null) => renter.MutateAsync(
        "moveRental", new
        {
            rentalId = rental.GetProperty("id").GetString(),
            sliceCombinationId = ApiHost.Combination(gridId, multiplier),
            idempotencyKey = key ?? host.NewKey(),
        }, Moved);

    /// <summary>Lets a node have reported last so many minutes ago.</summary>
    private Task LetBeDownAsync(long gridId, int minutes = 31) => host.SqlAsync(
        """
        UPDATE nodes SET status = 'Down', last_report_at = market_now() - $2, version = version + 1, sync_sequence = nextval('sync_sequence')
        WHERE grid = 'main' AND grid_id = $1
        """, gridId, TimeSpan.FromMinutes(minutes));

    [Fact]
    public async Task What_is_left_of_a_rental_whose_node_is_down_goes_on_elsewhere()
    {
        long down = await host.PublishAsync(), target = await host.PublishAsync(pricePerSlice: 0.02m);
        Api renter = await host.RenterAsync();
        JsonElement rental = await renter.RentAsync(host.Input(down, quantity: 2, term: new { hours = 100 })); // 3 USD.
        string? id = rental.GetProperty("id").GetString();
        await renter.MutateAsync("renameRental", new { rentalId = id, name = "web-1" });
        await renter.MutateAsync("setAutoRenew", new { rentalId = id, maxPricePerHour = "0.5" });
        await LetBeDownAsync(down);
        string key = host.NewKey();

        JsonElement answer = Refusal.AssertNone("RentalMoved", await MoveAsync(renter, rental, target, multiplier: 2, key));

        JsonElement from = answer.GetProperty("from"), there = answer.GetProperty("rental");
        Assert.Equal(
            ("CANCELLED", "MOVED", "You moved the rental to another node."),
            (from.GetProperty("status").GetString(), from.GetProperty("endReason").GetString(), from.GetProperty("endMessage").GetString()));
        Assert.Equal("RENTAL_MOVED", from.GetProperty("timeline").EnumerateArray().Last().GetProperty("reason").GetString());
        Assert.Equal(8, from.GetProperty("gridNode").GetProperty("freeSlices").GetInt32());
        Assert.Equal(there.GetProperty("id").GetString(), from.GetProperty("movedTo").GetProperty("id").GetString());
        Assert.Equal(id, there.GetProperty("movedFrom").GetProperty("id").GetString());
        Assert.Equal((2, 1, 2, target), (
            there.GetProperty("multiplier").GetInt32(), there.GetProperty("quantity").GetInt32(), there.GetProperty("sliceTotal").GetInt32(),
            there.GetProperty("gridNode").GetProperty("gridId").GetInt64()));
        Assert.Equal(
            ("ACTIVE", "web-1", Renting.SshKey, 0.5m),
            (there.GetProperty("status").GetString(), there.GetProperty("name").GetString(), there.GetProperty("sshPublicKey").GetString(),
                there.GetProperty("autoRenew").GetProperty("maxPricePerHour").GetDollars()));
        Assert.Equal("MOVE", Assert.Single(there.GetProperty("segments").EnumerateArray()).GetProperty("kind").GetString());
        TimeSpan time = there.GetProperty("endsAt").GetDateTimeOffset() - there.GetProperty("startsAt").GetDateTimeOffset();
        decimal refund = from.GetProperty("refunded").GetDollars(), paid = there.GetProperty("paid").GetDollars();
        Assert.Equal((long)(refund * 3_600 / 0.04m), time.Ticks / TimeSpan.TicksPerSecond);
        Assert.Equal(decimal.Floor((decimal)time.TotalSeconds * 40_000 / 3_600) / 1_000_000, paid);
        Assert.Equal(97 + refund - paid, await renter.BalanceAsync());

        JsonElement again = await MoveAsync(renter, rental, target, multiplier: 2, key);
        Assert.Equal(there.GetProperty("id").GetString(), again.GetProperty("rental").GetProperty("id").GetString());
        Refusal.AssertIs("IdempotencyKeyReused", await MoveAsync(renter, rental, target, multiplier: 1, key));
        Refusal.AssertIs("RentalAlreadyEnded", await MoveAsync(renter, rental, target));
        Assert.Equal(
            "RENTAL_MOVED", (await renter.DataAsync("{ notifications(first: 1) { nodes { kind } } }"))
                .GetProperty("notifications").GetProperty("nodes")[0].GetProperty("kind").GetString());
        await host.AssertMoneyAddsUpAsync();
    }

    [Fact]
    public async Task Every_reason_not_to_move_is_an_answer_and_changes_nothing()
    {
        long node = await host.PublishAsync(), target = await host.PublishAsync(slices: 2), expensive = await host.PublishAsync(pricePerSlice: 1);
        long hidden = await host.RegisterAsync();
        Api renter = await host.RenterAsync();
        JsonElement rental = await renter.RentAsync(host.Input(node, quantity: 3));

        Assert.Equal(JsonValueKind.Null, (await RefusedAsync("NodeNotDown", target)).GetProperty("movableAt").ValueKind);
        await LetBeDownAsync(node, minutes: 20);
        JsonElement early = await RefusedAsync("NodeNotDown", target);
        Assert.Equal(early.GetProperty("downSince").GetDateTimeOffset().AddMinutes(30), early.GetProperty("movableAt").GetDateTimeOffset());
        await LetBeDownAsync(node);
        await RefusedAsync("NotEnoughSlices", target);
        await RefusedAsync("CombinationDoesNotFit", target, multiplier: 2);
        await RefusedAsync("SliceCombinationNotFound", target, multiplier: 8);
        await RefusedAsync("SliceCombinationNotFound", 999_999_999);
        await RefusedAsync("NodeUnavailable", hidden);
        await RefusedAsync("NodeUnavailable", node);
        await RefusedAsync("InsufficientRemaining", expensive);
        Refusal.AssertIs("RentalNotFound", await MoveAsync(await host.RenterAsync(), rental, target));
        Assert.Equal(1, (await renter.DataAsync("query($id: ID!) { rental(id: $id) { version } }", new { id = rental.GetProperty("id").GetString() }))
            .GetProperty("rental").GetProperty("version").GetInt32());
        await host.LetWaitInGraceAsync(rental.GetProperty("id").GetString()!);
        await RefusedAsync("AccountOwes", target);

        async Task<JsonElement> RefusedAsync(string refusal, long to, int multiplier = 1)
        {
            JsonElement answer = await MoveAsync(renter, rental, to, multiplier);
            Refusal.AssertIs(refusal, answer);
            return answer;
        }
    }

    [Fact]
    public async Task A_node_that_its_grid_no_longer_lists_lets_its_renters_go_at_once()
    {
        long node = await host.PublishAsync(), target = await host.PublishAsync();
        Api renter = await host.RenterAsync();
        JsonElement rental = await renter.RentAsync(host.Input(node));
        await host.SqlAsync("UPDATE nodes SET missed_passes = 3, version = version + 1 WHERE grid = 'main' AND grid_id = $1", node);

        Refusal.AssertNone("RentalMoved", await MoveAsync(renter, rental, target));
    }

    [Fact]
    public async Task Of_moves_and_cancellations_at_once_one_happens()
    {
        long target = await host.PublishAsync(slices: 64), node = await host.PublishAsync(slices: 64);
        Api renter = await host.RenterAsync();
        JsonElement[] rentals = new JsonElement[10];
        for (int index = 0; index < rentals.Length; index++)
            rentals[index] = await renter.RentAsync(host.Input(node));
        await LetBeDownAsync(node);

        await Parallel.ForEachAsync(rentals, async (rental, _) =>
        {
            JsonElement[] answers = await Task.WhenAll(
                MoveAsync(renter, rental, target), MoveAsync(renter, rental, target), renter.MutateAsync(
                    "cancelRental", new { rentalId = rental.GetProperty("id").GetString(), idempotencyKey = host.NewKey() }));

            string[] kinds = [.. answers.Select(answer => answer.GetProperty("__typename").GetString()!).Order(StringComparer.Ordinal)];
            Assert.Contains(kinds[2] is "RentalMoved" ? "RentalMoved" : "RentalCancelled", kinds);
            Assert.Equal(2, kinds.Count(kind => kind is "RentalAlreadyEnded"));
        });

        await host.AssertMoneyAddsUpAsync();
    }

    [Fact]
    public async Task Only_signed_in_callers_move() =>
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("moveRental", new
        {
            rentalId = GlobalId.Encode("Rental", Guid.NewGuid()),
            sliceCombinationId = ApiHost.Combination(1),
            idempotencyKey = host.NewKey(),
        }));
}
