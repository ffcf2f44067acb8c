using FsCheck;
using FsCheck.Fluent;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Rentals;

public sealed class RentalMoveTests
{
    private static readonly DateTimeOffset later = A.Noon.AddHours(12);

    /// <summary>The rental's node, which reported last at noon and is down.</summary>
    private static GridNode Down()
    {
        GridNode node = A.Node();
        node.Observe(A.Observation(sequence: 2) with { Status = NodeStatus.Down });
        return node;
    }

    private static RentalMove To(GridNode node, int multiplier = 1) =>
        new(RentalId.New(later), SliceCombinationId.Of(node.Id, multiplier), IsProvisioned: false);

    [Fact]
    public void What_is_left_buys_time_on_the_other_node()
    {
        Rental rental = A.Rental(wish: A.Wish(quantity: 2, hours: 24)); // 0.72 USD
        rental.Rename("web-1", A.Noon);
        rental.SetAutoRenew(MicroUsdPerHour.From(100_000), A.Rules, A.Noon);
        GridNode target = A.Node(id: 2, price: 7_000);

        var moved = Assert.IsType<RentalMoved>(rental.Move(To(target, multiplier: 2), Down(), target, A.Rules, later));

        Assert.Equal((RentalStatus.Cancelled, RentalEndReason.Moved, later), (rental.Status, rental.EndReason, rental.EndedAt));
        Assert.Equal(A.Dollars("0.36"), rental.Refunded);
        Rental there = moved.Rental;
        Assert.Equal((rental.Id, target.Id, 2, 1), (there.MovedFrom!.Value, there.NodeId, there.Multiplier, there.Quantity));
        Assert.Equal(TimeSpan.FromSeconds(92_571), there.EndsAt - there.StartsAt); // 360,000 ÷ 14,000 hours.
        Assert.Equal(359_998, there.Paid.Value); // Two micro-dollars buy no second.
        Assert.Equal(("web-1", 100_000), (there.Name, there.AutoRenewMax!.Value.Value));
        Assert.Equal(RentalHours.From(25), there.Hours);
        Assert.Equal(2, target.AllocatedSlices);
    }

    [Fact]
    public void A_node_that_is_up_or_not_down_for_long_enough_keeps_its_rentals()
    {
        Rental rental = A.Rental();
        GridNode target = A.Node(id: 2);
        DateTimeOffset movable = A.Noon + A.Rules.MoveAfter;

        Assert.Null(Assert.IsType<NodeNotDown>(rental.Move(To(target), A.Node(), target, A.Rules, later)).MovableAt);
        var early = Assert.IsType<NodeNotDown>(rental.Move(To(target), Down(), target, A.Rules, movable.AddTicks(-1)));
        Assert.Equal((A.Noon, movable), (early.DownSince, early.MovableAt));
        Assert.True(rental.IsLive);
        Assert.Equal(0, target.AllocatedSlices);
        Assert.IsType<RentalMoved>(rental.Move(To(target), Down(), target, A.Rules, movable));
    }

    [Fact]
    public void A_node_that_its_grid_no_longer_lists_lets_its_renters_go_at_once()
    {
        GridNode vanished = A.Node();
        for (int pass = 0; pass < 3; pass++)
            vanished.Miss(2 + pass);
        GridNode target = A.Node(id: 2);

        Assert.IsType<RentalMoved>(A.Rental().Move(To(target), vanished, target, A.Rules, A.Noon.AddMinutes(1)));
    }

    [Fact]
    public void Every_reason_not_to_move_is_an_answer_and_changes_nothing()
    {
        Rental rental = A.Rental(wish: A.Wish(quantity: 3, hours: 24));
        GridNode target = A.Node(id: 2), full = A.Node(id: 3, allocated: 6), expensive = A.Node(id: 4, price: 1_000_000), hidden = A.Node(id: 5);
        hidden.Unpublish(A.Farmer);

        Assert.IsType<CombinationDoesNotFit>(rental.Move(To(target, multiplier: 2), Down(), target, A.Rules, later));
        Assert.IsType<SliceCombinationNotFound>(rental.Move(To(target, multiplier: 16), Down(), target, A.Rules, later));
        Assert.IsType<SliceCombinationNotFound>(rental.Move(
            new(RentalId.New(later), new SliceCombinationId(2 * 1_024), false), Down(), target, A.Rules, later));
        Assert.IsType<NotEnoughSlices>(rental.Move(To(full), Down(), full, A.Rules, later));
        Assert.IsType<NodeUnavailable>(rental.Move(To(hidden), Down(), hidden, A.Rules, later));
        Assert.IsType<NodeUnavailable>(rental.Move(To(A.Node()), Down(), Down(), A.Rules, later)); // Its own node.
        Assert.Equal(A.Dollars("0.54"), Assert.IsType<InsufficientRemaining>(rental.Move(To(expensive), Down(), expensive, A.Rules, later)).Remaining);
        Assert.Equal((RentalStatus.Active, 1), (rental.Status, rental.Version));
        rental.Cancel(null, later);
        Assert.IsType<RentalAlreadyEnded>(rental.Move(To(target), Down(), target, A.Rules, later));
    }

    [Fact]
    public void A_rental_in_grace_owes_first()
    {
        Rental rental = A.Rental(wish: A.Wish(hours: 24));
        rental.SetAutoRenew(MicroUsdPerHour.From(1), A.Rules, A.Noon);
        rental.Pass(A.Rules, A.Noon.AddHours(24));
        GridNode target = A.Node(id: 2);

        Assert.IsType<AccountOwes>(rental.Move(To(target), Down(), target, A.Rules, A.Noon.AddHours(25)));
    }

    [Fact]
    public void Nothing_is_paid_further_ahead_than_the_longest_term()
    {
        Rental rental = A.Rental(A.Node(price: 1_000_000), A.Wish(hours: 8_000));
        GridNode target = A.Node(id: 2, price: 1_000);

        var moved = (RentalMoved)rental.Move(To(target), Down(), target, A.Rules, later);

        Assert.Equal(TimeSpan.FromHours(RentalHours.Max), moved.Rental.EndsAt - later);
        Assert.Equal(A.Dollars("8.76"), moved.Rental.Paid);
    }

    [Fact]
    public void A_move_never_costs_more_than_what_was_left_and_leaves_less_than_a_second_over() => Prop.ForAll(
        Gen.Choose(1_000, 1_000_000).Two().SelectMany(
            prices => Gen.Choose(2, 700).SelectMany(
                hours => Gen.Choose(1_800, hours * 3_600), (hours, seconds) => (Price: prices.Item1, OtherPrice: prices.Item2, hours, seconds)),
            (_, wish) => wish).ToArbitrary(),
        drawn =>
        {
            (int price, int otherPrice, int hours, int seconds) = drawn;
            Rental rental = A.Rental(A.Node(price: price), A.Wish(hours: hours));
            GridNode target = A.Node(id: 2, price: otherPrice);
            MicroUsd paid = rental.Paid;

            switch (rental.Move(To(target), Down(), target, A.Rules, A.Noon.AddSeconds(seconds)))
            {
                case RentalMoved { Rental: var there }:
                    MicroUsd left = rental.Refunded - there.Paid;
                    Assert.True(left >= MicroUsd.Zero, $"{left}");
                    if (there.EndsAt - there.StartsAt < TimeSpan.FromHours(RentalHours.Max))
                        Assert.True(left.Value <= (otherPrice / 3_600) + 1, $"{left}");
                    Assert.Equal(paid, rental.Refunded + rental.EarnedAt(rental.EndedAt!.Value));
                    break;
                case InsufficientRemaining insufficient:
                    Assert.True(insufficient.Remaining.Value < otherPrice);
                    break;
                case var other:
                    Assert.IsType<RentalAlreadyEnded>(other);
                    break;
            }
        }).QuickCheckThrowOnFailure();
}
