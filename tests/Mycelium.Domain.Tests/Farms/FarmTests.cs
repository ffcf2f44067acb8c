using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Farms;

public sealed class FarmTests
{
    private static readonly FarmObservation seen =
        new(new FarmId(1), "Freefarm", 2, FarmCertification.NotCertified, false, 18, 7, null, A.Noon, "main");

    [Fact]
    public void Observing_the_same_again_changes_nothing_but_how_fresh_it_is()
    {
        var farm = new Farm(seen);

        Assert.False(farm.Observe(seen with { ObservedAt = A.Noon.AddHours(1) }));

        Assert.Equal(A.Noon.AddHours(1), farm.CapacityAsOf);
    }

    [Fact]
    public void Changes_by_the_grid_are_applied_and_the_owner_stays()
    {
        var farm = new Farm(seen);
        farm.LinkOwner(A.Farmer);

        Assert.True(farm.Observe(seen with { Name = "Newfarm", FreePublicIpCount = 6, Certification = FarmCertification.Gold }));

        Assert.Equal(("Newfarm", 6, FarmCertification.Gold, A.Farmer), (farm.Name, farm.FreePublicIpCount, farm.Certification, farm.OwnerId!.Value));
    }

    [Fact]
    public void A_farm_rejects_an_observation_of_another() =>
        Assert.Throws<ArgumentException>(() => new Farm(seen).Observe(seen with { Id = new FarmId(2) }));

    [Fact]
    public void A_farm_has_its_grid_and_its_number_there()
    {
        var farm = new Farm(seen with { Id = FarmId.Of(GridNumber.From(1), 7), Grid = "test" });

        Assert.Equal(("test", 7), (farm.Grid, farm.GridId));
        Assert.Throws<ArgumentException>(() => farm.Observe(seen with { Id = farm.Id, Grid = "main" }));
    }
}
