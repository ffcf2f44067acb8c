using Mycelium.Domain.Accounts;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Market;
using Mycelium.Domain.Slices;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Nodes;

/// <summary>What a farmer decides about the node. A refusal changes nothing.</summary>
public sealed partial class GridNode
{
    /// <summary>Registers the node for the farmer, who may then price and publish it. Without a price it gets the policy's default.</summary>
    public IRegisterNodeResult Register(AccountId farmer, Farm farm, MicroUsdPerHour? price, PricingPolicy policy)
    {
        if (farm.Id != FarmId)
            throw new ArgumentException($"Node {Id} belongs to farm {FarmId}, not to farm {farm.Id}.", nameof(farm));
        if (farm.OwnerId != farmer)
            return new NotYourNode(Id, Grid);
        if (FarmerId is not null)
            return new NodeAlreadyRegistered(Id, Grid);

        MicroUsdPerHour perSlice = price ?? policy.DefaultPrice(Certification);
        if (policy.Refuse(perSlice) is { } refusal)
            return refusal;

        FarmerId = farmer;
        PricePerSlice = perSlice;
        Recount();
        Version++;
        return new NodeRegistered(this);
    }

    /// <summary>Offers the node's slices for rent.</summary>
    public IPublishNodeResult Publish(AccountId by)
    {
        if (!IsOf(by))
            return new NotYourNode(Id, Grid);
        if (FarmerId is null)
            return new NodeNotRegistered(Id, Grid);
        if (IsPublished)
            return new NodeAlreadyPublished(Id, Grid);
        if (SliceCounting.Count(Total) == 0)
            return new NodeHoldsNoSlice(Id, Grid);

        IsPublished = true;
        Recount();
        Version++;
        return new NodePublished(this);
    }

    /// <summary>Takes the node off the market. Rentals stay.</summary>
    public IUnpublishNodeResult Unpublish(AccountId by)
    {
        if (!IsOf(by))
            return new NotYourNode(Id, Grid);
        if (FarmerId is null)
            return new NodeNotRegistered(Id, Grid);
        if (!IsPublished)
            return new NodeNotPublished(Id, Grid);

        IsPublished = false;
        Recount();
        Version++;
        return new NodeUnpublished(this);
    }

    /// <summary>Sets what a slice costs from now on. Existing rentals and quotes keep their price.</summary>
    public ISetNodePricingResult SetPrice(AccountId by, MicroUsdPerHour price, PricingPolicy policy)
    {
        if (!IsOf(by))
            return new NotYourNode(Id, Grid);
        if (FarmerId is null)
            return new NodeNotRegistered(Id, Grid);
        if (policy.Refuse(price) is { } refusal)
            return refusal;

        MicroUsdPerHour previous = PricePerSlice;
        if (previous != price)
        {
            PricePerSlice = price;
            Recount();
            Version++;
        }
        return new NodePricingSet(this, previous);
    }

    /// <summary>Whether the account owns the node's farm now. If the node was read without its farm, its farmer is compared, who is the same account.</summary>
    private bool IsOf(AccountId account) => (Farm is { } farm ? farm.OwnerId : FarmerId ?? account) == account;
}
