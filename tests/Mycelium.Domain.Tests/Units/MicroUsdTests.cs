using System.Globalization;
using System.Numerics;
using FsCheck.Fluent;
using Mycelium.Domain.Units;
using Xunit;

namespace Mycelium.Domain.Tests.Units;

public sealed class MicroUsdTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("12", 12_000_000)]
    [InlineData("-0.5", -500_000)]
    [InlineData("0.015000", 15_000)]
    [InlineData("0.000001", 1)]
    [InlineData("9007199254.740993", 9_007_199_254_740_993)] // 2^53 + 1, where a double would lose the last digit.
    [InlineData("9223372036854.775807", long.MaxValue)]
    [InlineData("-9223372036854.775808", long.MinValue)]
    public void Dollars_are_read_exactly(string dollars, long microUsd) => Assert.Equal(microUsd, MicroUsd.Parse(dollars).Value);

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1.0000001")]
    [InlineData("1,5")]
    [InlineData("1e3")]
    [InlineData(" 1")]
    [InlineData("--1")]
    [InlineData("١")]
    [InlineData("9223372036854.775808")]
    [InlineData("-9223372036854.775809")]
    [InlineData("99999999999999999999999999999999999999999999999999")]
    public void Text_that_is_not_an_amount_is_refused(string text)
    {
        Assert.False(MicroUsd.TryParse(text, out _));
        Assert.Throws<FormatException>(() => MicroUsd.Parse(text));
    }

    [Theory]
    [InlineData(0, "0.000000")]
    [InlineData(-1, "-0.000001")]
    [InlineData(15_000, "0.015000")]
    [InlineData(long.MaxValue, "9223372036854.775807")]
    [InlineData(long.MinValue, "-9223372036854.775808")]
    public void Amounts_are_written_with_six_digits(long microUsd, string dollars) => Assert.Equal(dollars, MicroUsd.From(microUsd).ToString());

    [Fact]
    public void Every_amount_survives_writing_and_reading() =>
        Property.Holds(Property.AnyLong, value =>
        {
            Assert.Equal(value, MicroUsd.Parse(MicroUsd.From(value).ToString()).Value);
            Assert.Equal(value / 1_000_000m, decimal.Parse(MicroUsd.From(value).ToString(), CultureInfo.InvariantCulture));
        });

    [Fact]
    public void A_sum_is_exact_or_an_error_and_never_wraps() =>
        Property.Holds(Property.AnyLong.Two(), pair =>
        {
            (long left, long right) = pair;
            ExactOrOverflow((BigInteger)left + right, () => (MicroUsd.From(left) + MicroUsd.From(right)).Value);
            ExactOrOverflow((BigInteger)left - right, () => (MicroUsd.From(left) - MicroUsd.From(right)).Value);
            ExactOrOverflow(-(BigInteger)left, () => (-MicroUsd.From(left)).Value);
        });

    [Theory]
    [InlineData(10, 500, 0)] // 0.5 → 0
    [InlineData(30, 500, 2)] // 1.5 → 2
    [InlineData(50, 500, 2)] // 2.5 → 2
    [InlineData(51, 500, 3)] // 2.55 → 3
    [InlineData(-30, 500, -2)]
    [InlineData(-50, 500, -2)]
    [InlineData(-51, 500, -3)]
    [InlineData(long.MaxValue, 10_000, long.MaxValue)]
    public void A_part_is_rounded_half_to_even(long amount, int basisPoints, long part) =>
        Assert.Equal(part, MicroUsd.From(amount).Part(BasisPoints.From(basisPoints)).Value);

    [Fact]
    public void A_part_equals_decimal_arithmetic() =>
        Property.Holds(Property.AnyLong.SelectMany(_ => Gen.Choose(0, BasisPoints.Whole), (amount, share) => (amount, share)), pair =>
        {
            decimal exact = (decimal)pair.amount * pair.share / BasisPoints.Whole;
            Assert.Equal((long)Math.Round(exact, MidpointRounding.ToEven), MicroUsd.From(pair.amount).Part(BasisPoints.From(pair.share)).Value);
        });

    [Fact]
    public void Operators_compare_like_numbers() =>
        Property.Holds(Property.AnyLong.Two(), pair =>
        {
            (long left, long right) = pair;
            Assert.Equal(left < right, MicroUsd.From(left) < MicroUsd.From(right));
            Assert.Equal(left <= right, MicroUsd.From(left) <= MicroUsd.From(right));
            Assert.Equal(left > right, MicroUsd.From(left) > MicroUsd.From(right));
            Assert.Equal(left >= right, MicroUsd.From(left) >= MicroUsd.From(right));
            Assert.Equal(left.CompareTo(right), MicroUsd.From(left).CompareTo(MicroUsd.From(right)));
        }, count: 1_000);

    private static void ExactOrOverflow(BigInteger exact, Func<long> compute)
    {
        if (exact >= long.MinValue && exact <= long.MaxValue)
            Assert.Equal(exact, compute());
        else
            Assert.Throws<OverflowException>(() => compute());
    }
}
