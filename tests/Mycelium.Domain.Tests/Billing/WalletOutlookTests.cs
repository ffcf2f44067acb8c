using Mycelium.Domain.Billing;
using Mycelium.Domain.Units;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Billing;

public sealed class WalletOutlookTests
{
    [Fact]
    public void What_runs_costs_its_price_less_its_discount_each_day()
    {
        WalletOutlook outlook = Of(Running(10_000, discount: 0, hours: 1), Running(24_000, discount: 500, hours: 2));

        Assert.Equal(MicroUsd.From(240_000 + 547_200), outlook.BurnPerDay);
        Assert.Equal(MicroUsd.Zero, Of().BurnPerDay);
        Assert.Equal(MicroUsd.From(24), Of(Running(1, 1, 1)).BurnPerDay); // 23.9976: parts are not rounded one by one.
    }

    [Fact]
    public void A_balance_lasts_until_everything_that_was_extended_has_used_it_up()
    {
        // One is paid for 10 more hours and the other for 20. From then on they cost 1 and 2 dollars an hour.
        WalletOutlook outlook = Of(Running(1_000_000, 0, hours: 10), Running(2_000_000, 0, hours: 20));

        Assert.Equal(A.Noon.AddHours(10), outlook.RunsOutAt(MicroUsd.Zero));
        Assert.Equal(A.Noon.AddHours(15), outlook.RunsOutAt(MicroUsd.Parse("5")));
        Assert.Equal(A.Noon.AddHours(20), outlook.RunsOutAt(MicroUsd.Parse("10")));
        Assert.Equal(A.Noon.AddHours(22), outlook.RunsOutAt(MicroUsd.Parse("16")));
        Assert.Equal(A.Noon.AddHours(22), Of([.. outlook.Running.Reverse()]).RunsOutAt(MicroUsd.Parse("16")));
    }

    [Fact]
    public void Discounts_count_and_parts_of_an_hour_too() =>
        Assert.Equal(A.Noon.AddHours(10).AddMinutes(40), Of(Running(1_000_000, 2_500, hours: 10)).RunsOutAt(MicroUsd.Parse("0.5")));

    [Fact]
    public void Nothing_that_costs_something_or_a_balance_for_a_century_never_runs_out()
    {
        Assert.Null(Of().RunsOutAt(MicroUsd.Zero));
        Assert.Null(Of(Running(0, 0, hours: 5)).RunsOutAt(MicroUsd.Zero));
        Assert.Null(Of(Running(1_000_000, 10_000, hours: 5)).RunsOutAt(MicroUsd.Zero));
        Assert.Null(Of(Running(1, 0, hours: 5)).RunsOutAt(MicroUsd.Parse("1000000")));
        Assert.NotNull(Of(Running(1_000_000_000_000, 0, hours: 5)).RunsOutAt(MicroUsd.From(long.MaxValue / 20)));
    }

    [Fact]
    public void The_present_or_a_term_that_ends_at_once_changes_nothing() =>
        Assert.Equal(A.Noon.AddHours(3), Of(Running(1_000_000, 0, hours: 0)).RunsOutAt(MicroUsd.Parse("3")));

    private static WalletOutlook Of(params RunningRental[] running) => new(A.Noon, MicroUsd.Zero, running);

    private static RunningRental Running(long price, int discount, int hours) =>
        new(MicroUsdPerHour.From(price), BasisPoints.From(discount), A.Noon.AddHours(hours));
}
