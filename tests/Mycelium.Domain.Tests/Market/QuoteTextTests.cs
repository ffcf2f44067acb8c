using FsCheck.Fluent;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Market;

public sealed class QuoteTextTests
{
    private static readonly Quote sample = Quote.For(A.Wish(multiplier: 2, quantity: 3, months: 3), A.Node(), A.Policy, A.Noon);

    [Fact]
    public void Every_quote_survives_writing_and_reading() =>
        Property.Holds(
            from price in Property.Between(1_000, 1_000_000)
            from node in Property.Between(1, int.MaxValue)
            from quantity in Gen.Choose(1, RentalWish.QuantityMax)
            from months in Gen.Elements(0, 1, 3, 6, 12)
            from hours in Gen.Choose(1, 8_760)
            select (price, node, quantity, months, hours),
            wish =>
            {
                GridNode node = A.Node(id: wish.node, price: wish.price);
                RentalWish wanted = A.Wish(wish.node, 4, wish.quantity, wish.hours, wish.months == 0 ? null : wish.months);
                Quote quote = Quote.For(wanted, node, A.Policy, A.Noon.AddTicks(wish.price));

                Assert.True(QuoteText.TryRead(QuoteText.Write(quote), out Quote? read));
                Assert.Equal(quote, read);
            }, count: 2_000);

    [Fact]
    public void A_quote_that_was_given_to_an_account_remains_its_own()
    {
        Quote given = sample.GivenTo(A.Renter, QuoteId.New(A.Noon));

        Assert.True(QuoteText.TryRead(QuoteText.Write(given), out Quote? read));

        Assert.Equal(given, read);
        Assert.True(read.Fits(sample.Wish, A.Renter));
        Assert.False(read.Fits(sample.Wish, A.Farmer));
        Assert.True(sample.Fits(sample.Wish, A.Farmer));
    }

    [Fact]
    public void A_token_of_the_previous_release_is_read_and_written_unchanged()
    {
        const string text = "1:1026:3:m:3:90000:500:639000000000000000";

        Assert.True(QuoteText.TryRead(text, out Quote? read));

        Assert.Null(read.Ticket);
        Assert.Equal(text, QuoteText.Write(read)); // Idempotency keys were stored with this text as the fingerprint of their input.
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("2:1026:3:m:3:90000:500:639000000000000000")]
    [InlineData("1:1026:0:m:3:90000:500:639000000000000000")]
    [InlineData("1:1026:1001:m:3:90000:500:639000000000000000")]
    [InlineData("1:1026:3:m:4:90000:500:639000000000000000")]
    [InlineData("1:1026:3:d:3:90000:500:639000000000000000")]
    [InlineData("1:1026:3:h:8761:90000:500:639000000000000000")]
    [InlineData("1:1026:3:m:3:-1:500:639000000000000000")]
    [InlineData("1:1026:3:m:3:9223372036854775807:500:639000000000000000")]
    [InlineData("1:1026:3:m:3:90000:10001:639000000000000000")]
    [InlineData("1:1026:3:m:3:90000:500:9223372036854775807")]
    [InlineData("1:1026:3:m:3:90000:500:639000000000000000:1")]
    [InlineData("1:1026:3:m:3:90000:500:639000000000000000:0190000000007000800000000000000a:22222222222271118111222222222222")]
    [InlineData("2:1026:3:m:3:90000:500:639000000000000000:0190000000007000800000000000000a")]
    [InlineData("2:1026:3:m:3:90000:500:639000000000000000:0190000000007000800000000000000a:")]
    [InlineData("2:1026:3:m:3:90000:500:639000000000000000:0190000000007000800000000000000A:22222222222271118111222222222222")]
    [InlineData("1: 1026:3:m:3:90000:500:639000000000000000")]
    public void Text_that_is_not_a_quote_is_rejected(string? text) => Assert.False(QuoteText.TryRead(text, out _));

    [Fact]
    public void Cutting_or_changing_a_text_never_throws()
    {
        string text = QuoteText.Write(sample.GivenTo(A.Renter, QuoteId.New(A.Noon)));

        for (int at = 0; at < text.Length; at++)
        {
            Assert.False(QuoteText.TryRead(text[..at], out Quote? cut) && cut == sample);
            Assert.False(QuoteText.TryRead($"{text[..at]}x{text[(at + 1)..]}", out _));
        }
    }
}
