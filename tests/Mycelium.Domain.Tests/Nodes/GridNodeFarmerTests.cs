using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Nodes;

public sealed class GridNodeFarmerTests
{
    private static readonly AccountId stranger = new(new Guid("33333333-3333-7333-8333-333333333333"));

    [Fact]
    public void The_owner_of_the_farm_registers_a_node_at_the_default_price()
    {
        GridNode node = A.UnregisteredNode();

        Assert.IsType<NodeRegistered>(node.Register(A.Farmer, A.Farm(), null, A.Policy));

        Assert.Equal((A.Farmer, 15_000, false), (node.FarmerId!.Value, node.PricePerSlice.Value, node.IsPublished));
    }

    [Fact]
    public void A_certified_node_costs_a_quarter_more_by_default()
    {
        GridNode node = GridNode.Discover(A.Observation() with { Certification = NodeCertification.Certified });

        node.Register(A.Farmer, A.Farm(), null, A.Policy);

        Assert.Equal(18_750, node.PricePerSlice.Value);
    }

    [Fact]
    public void A_node_of_another_farmers_farm_is_refused()
    {
        GridNode node = A.UnregisteredNode();

        Assert.IsType<NotYourNode>(node.Register(stranger, A.Farm(), null, A.Policy));

        Assert.Null(node.FarmerId);
    }

    [Fact]
    public void A_node_of_an_unlinked_farm_is_refused()
    {
        var farm = new Domain.Farms.Farm(new(new(1), "Freefarm", 2, default, false, 0, 0, null, A.Noon, "main"));

        Assert.IsType<NotYourNode>(A.UnregisteredNode().Register(A.Farmer, farm, null, A.Policy));
    }

    [Fact]
    public void A_node_is_registered_once() =>
        Assert.IsType<NodeAlreadyRegistered>(A.Node().Register(A.Farmer, A.Farm(), null, A.Policy));

    [Theory]
    [InlineData(999, false)]
    [InlineData(1_000, true)]
    [InlineData(1_000_000, true)]
    [InlineData(1_000_001, false)]
    public void A_price_outside_the_range_is_refused_with_the_range(long microUsd, bool isAllowed)
    {
        MicroUsdPerHour price = MicroUsdPerHour.From(microUsd);
        GridNode unregistered = A.UnregisteredNode();
        GridNode node = A.Node();

        object[] results = [unregistered.Register(A.Farmer, A.Farm(), price, A.Policy), node.SetPrice(A.Farmer, price, A.Policy)];

        Assert.Equal(isAllowed, unregistered.FarmerId is not null);
        Assert.Equal(isAllowed ? microUsd : 15_000, node.PricePerSlice.Value);
        if (!isAllowed)
            Assert.All(results, result => Assert.Equal(new PriceOutOfRange(price, A.Policy.PriceMin, A.Policy.PriceMax), result));
    }

    [Fact]
    public void Pricing_returns_the_previous_price()
    {
        NodePricingSet set = Assert.IsType<NodePricingSet>(A.Node().SetPrice(A.Farmer, MicroUsdPerHour.From(20_000), A.Policy));

        Assert.Equal((20_000, 15_000), (set.GridNode.PricePerSlice.Value, set.PreviousPricePerSliceHour.Value));
    }

    [Fact]
    public void Publishing_and_unpublishing_are_each_done_once()
    {
        GridNode node = A.UnregisteredNode();
        node.Register(A.Farmer, A.Farm(), null, A.Policy);

        Assert.IsType<NodeNotPublished>(node.Unpublish(A.Farmer));
        Assert.IsType<NodePublished>(node.Publish(A.Farmer));
        Assert.IsType<NodeAlreadyPublished>(node.Publish(A.Farmer));
        Assert.IsType<NodeUnpublished>(node.Unpublish(A.Farmer));
        Assert.False(node.IsSellable);
    }

    [Fact]
    public void Unpublishing_keeps_the_rentals()
    {
        GridNode node = A.Node(slices: 8, allocated: 5);

        node.Unpublish(A.Farmer);

        Assert.Equal((5, NodeUnavailability.NotPublished), (node.AllocatedSlices, node.WhyUnavailable()));
    }

    [Fact]
    public void A_node_that_holds_no_slice_even_when_empty_is_not_published()
    {
        GridNode node = A.UnregisteredNode(slices: 0);
        node.Register(A.Farmer, A.Farm(), null, A.Policy);

        Assert.IsType<NodeHoldsNoSlice>(node.Publish(A.Farmer));

        Assert.False(node.IsPublished);
    }

    [Fact]
    public void A_node_that_is_full_now_may_be_published()
    {
        GridNode node = GridNode.Discover(A.Observation(slices: 2) with { Used = A.Slices(2) });
        node.Register(A.Farmer, A.Farm(), null, A.Policy);

        Assert.IsType<NodePublished>(node.Publish(A.Farmer));
    }

    [Fact]
    public void Another_account_cannot_decide_anything()
    {
        GridNode node = A.Node();

        Assert.IsType<NotYourNode>(node.Publish(stranger));
        Assert.IsType<NotYourNode>(node.Unpublish(stranger));
        Assert.IsType<NotYourNode>(node.SetPrice(stranger, MicroUsdPerHour.From(20_000), A.Policy));

        Assert.Equal((true, 15_000), (node.IsPublished, node.PricePerSlice.Value));
    }

    [Fact]
    public void A_node_must_be_registered_before_anything_else()
    {
        GridNode node = A.UnregisteredNode();

        Assert.IsType<NodeNotRegistered>(node.Publish(A.Farmer));
        Assert.IsType<NodeNotRegistered>(node.Unpublish(A.Farmer));
        Assert.IsType<NodeNotRegistered>(node.SetPrice(A.Farmer, MicroUsdPerHour.From(20_000), A.Policy));
    }

    [Fact]
    public void The_farm_must_be_that_of_the_node() =>
        Assert.Throws<ArgumentException>(() => A.UnregisteredNode().Register(A.Farmer, A.Farm(id: 2), null, A.Policy));
}
