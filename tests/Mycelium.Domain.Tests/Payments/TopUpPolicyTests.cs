using Mycelium.Domain.Billing;
using Mycelium.Domain.Payments;
using Mycelium.Domain.Units;
using Xunit;

namespace Mycelium.Domain.Tests.Payments;

public sealed class TopUpPolicyTests
{
    private static readonly TopUpPolicy policy = new(MicroUsd.Parse("1"), MicroUsd.Parse("10000"));

    [Theory]
    [InlineData("0.999999", typeof(AmountOutOfRange))]
    [InlineData("1", null)]
    [InlineData("1.000001", typeof(AmountNotInCents))]
    [InlineData("1.01", null)]
    [InlineData("10000", null)]
    [InlineData("10000.01", typeof(AmountOutOfRange))]
    [InlineData("-5", typeof(AmountOutOfRange))]
    public void An_amount_is_in_range_and_in_whole_cents_or_refused(string dollars, Type? refusal) =>
        Assert.Equal(refusal, policy.Refuse(MicroUsd.Parse(dollars))?.GetType());
}
