using FsCheck;
using FsCheck.Fluent;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Rentals;

/// <summary>Extension, renewal, grace, and what comes back of several segments.</summary>
public sealed class RentalTermsTests
{
    private static readonly MicroUsd rich = A.Dollars("1000000");

    private static IExtendRentalResult Extend(
        Rental rental, DateTimeOffset now, int? hours = 24, int? months = null, GridNode? node = null, MicroUsd? balance = null,
        ExtensionQuote? quote = null) =>
        rental.Extend(Term(hours, months), quote, node ?? A.Node(), A.Policy, A.Rules, balance ?? rich, now);

    private static RentalTerm Term(int? hours, int? months) =>
        months is { } count ? RentalTerm.OfMonths(count) : RentalTerm.OfHours(RentalHours.From(hours!.Value));

    private static Rental Renewing(GridNode? node = null, int hours = 72)
    {
        Rental rental = A.Rental(node, A.Wish(hours: hours));
        Assert.IsType<AutoRenewSet>(rental.SetAutoRenew(MicroUsdPerHour.From(20_000), A.Rules, A.Noon));
        return rental;
    }

    private static Rental InGrace()
    {
        Rental rental = Renewing();
        Assert.IsType<RentalEnteredGrace>(rental.Pass(A.Rules, rental.EndsAt));
        return rental;
    }

    [Fact]
    public void An_extension_begins_where_the_paid_time_ends_at_todays_price()
    {
        Rental rental = A.Rental(wish: A.Wish(hours: 24));

        var extended = Assert.IsType<RentalExtended>(Extend(rental, A.Noon.AddHours(23), hours: 10, node: A.Node(price: 30_000)));

        Assert.Equal((A.Dollars("0.3"), A.Noon.AddHours(24)), (extended.Charged, extended.PreviousEndsAt));
        Assert.Equal((A.Noon.AddHours(34), A.Dollars("0.66"), MicroUsdPerHour.From(30_000)), (rental.EndsAt, rental.Paid, rental.PricePerHour));
        Assert.Equal([(1, RentalSegmentKind.Term), (2, RentalSegmentKind.Extension)], rental.Segments.Select(segment => (segment.Number, segment.Kind)));
        Assert.Equal(rental.Segments[0].EndsAt, rental.Segments[1].StartsAt);
    }

    [Fact]
    public void Two_extensions_both_count()
    {
        Rental rental = A.Rental(wish: A.Wish(hours: 24));

        Extend(rental, A.Noon, hours: 10);
        Extend(rental, A.Noon, hours: 10);

        Assert.Equal(A.Noon.AddHours(44), rental.EndsAt);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public void A_rental_can_be_extended_until_just_before_its_end(long ticks, bool isExtended)
    {
        Rental rental = A.Rental();

        IExtendRentalResult result = Extend(rental, rental.EndsAt.AddTicks(ticks));

        Assert.Equal(isExtended, result is RentalExtended);
        if (!isExtended)
            Assert.Equal(new RentalAlreadyEnded(rental.Id, rental.EndsAt, RentalEndReason.TermEnded), result);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public void The_remaining_time_never_exceeds_the_longest_term(long ticks, bool isExtended)
    {
        Rental rental = A.Rental(wish: A.Wish(hours: 24));
        DateTimeOffset now = A.Noon.AddHours(1).AddTicks(ticks);

        IExtendRentalResult result = Extend(rental, now, hours: 8_760 - 23);

        Assert.Equal(isExtended, result is RentalExtended);
        if (!isExtended)
            Assert.Equal(new RentalReachesTooFar(rental.Id, now.AddHours(8_760)), result);
    }

    [Fact]
    public void An_extension_that_is_refused_changes_nothing()
    {
        Rental rental = A.Rental();
        ExtensionQuote quote = ((ExtensionQuoted)rental.AskExtension(Term(10, null), A.Node(), A.Policy, A.Noon)).Quote;
        GridNode unpublished = A.Node();
        unpublished.Unpublish(A.Farmer);

        Assert.IsType<InsufficientFunds>(Extend(rental, A.Noon, balance: A.Dollars("0.359999")));
        Assert.IsType<QuoteMismatch>(Extend(rental, A.Noon, hours: 11, quote: quote));
        Assert.IsType<QuoteMismatch>(Extend(rental, A.Noon, hours: 10, quote: quote.GivenTo(A.Farmer, QuoteId.New(A.Noon))));
        Assert.IsType<QuoteExpired>(Extend(rental, quote.ValidUntil, hours: 10, quote: quote));
        Assert.IsType<NodeUnavailable>(Extend(rental, A.Noon, node: unpublished));
        Assert.Equal(NodeUnavailability.NotRegistered, Assert.IsType<NodeUnavailable>(Extend(rental, A.Noon, node: A.UnregisteredNode())).Reason);
        Assert.Equal((A.Noon.AddHours(24), 1L, 1), (rental.EndsAt, rental.Version, rental.Segments.Count));
    }

    [Fact]
    public void A_rental_is_not_extended_with_another_farmer()
    {
        Rental rental = A.Rental();
        GridNode node = A.UnregisteredNode();
        node.Register(A.Renter, A.Farm(owner: A.Renter), null, A.Policy);
        node.Publish(A.Renter);

        Assert.Equal(new FarmerChanged(rental.Id), Extend(rental, A.Noon, node: node));
    }

    [Fact]
    public void A_node_that_is_overcommitted_still_extends_what_it_rents()
    {
        GridNode node = A.Node(slices: 8);
        Rental rental = A.Rental(node, A.Wish(quantity: 8));
        node.Observe(A.Observation(slices: 4, sequence: 2));

        Assert.IsType<RentalExtended>(Extend(rental, A.Noon, node: node));
    }

    [Fact]
    public void The_charge_is_the_quote_whatever_the_price_has_become()
    {
        Rental rental = A.Rental();
        ExtensionQuote quote = ((ExtensionQuoted)rental.AskExtension(Term(null, 3), A.Node(), A.Policy, A.Noon)).Quote;

        var extended = Assert.IsType<RentalExtended>(
            Extend(rental, quote.ValidUntil.AddTicks(-1), months: 3, node: A.Node(price: 900_000), quote: quote));

        Assert.Equal((quote.Total, quote.Total), (extended.Charged, rental.Segments[1].Paid));
        Assert.Equal(quote.EndsAt, rental.EndsAt);
        Assert.Equal(quote.Total, quote.Lines.Aggregate(MicroUsd.Zero, (sum, line) => sum + line.Amount));
    }

    [Fact]
    public void A_quote_survives_being_written_and_read()
    {
        ExtensionQuote quote = ((ExtensionQuoted)InGrace().AskExtension(Term(null, 6), A.Node(), A.Policy, A.Noon.AddDays(4))).Quote
            .GivenTo(A.Renter, QuoteId.New(A.Noon));

        Assert.True(ExtensionQuoteText.TryRead(ExtensionQuoteText.Write(quote), out ExtensionQuote? read));

        Assert.Equal(quote, read);
        Assert.NotEqual(MicroUsd.Zero, quote.Owed);
        Assert.False(ExtensionQuoteText.TryRead(ExtensionQuoteText.Write(quote) + ":1", out _));
        Assert.False(ExtensionQuoteText.TryRead("", out _));
    }

    [Fact]
    public void Cancelling_gives_an_extension_that_has_not_started_back_whole()
    {
        Rental rental = A.Rental(wish: A.Wish(hours: 24)); // 0.36 USD
        Extend(rental, A.Noon, hours: 10);                  // 0.15 USD

        rental.Cancel(null, A.Noon.AddHours(12));

        Assert.Equal([A.Dollars("0.18"), A.Dollars("0.15")], rental.Segments.Select(segment => segment.Refunded));
        Assert.Equal(A.Dollars("0.33"), rental.Refunded);
    }

    [Fact]
    public void Cancelling_in_an_extension_keeps_what_was_used_up_before()
    {
        Rental rental = A.Rental(wish: A.Wish(hours: 24));
        Extend(rental, A.Noon, hours: 10);

        rental.Cancel(null, A.Noon.AddHours(24).AddMinutes(6)); // A hundredth; the first hour counts once.

        Assert.Equal(A.Dollars("0.1485"), rental.Refunded);
    }

    [Fact]
    public void What_a_quote_for_cancelling_says_comes_back_until_it_expires()
    {
        Rental rental = A.Rental(wish: A.Wish(months: 6));
        CancelQuote quote = ((CancelQuoted)rental.AskCancel(A.Rules, A.Noon.AddHours(100))).Quote;

        Assert.IsType<QuoteExpired>(rental.Cancel(quote.Ticket, quote.ValidUntil));
        Assert.Equal(quote.Refund, Assert.IsType<RentalCancelled>(rental.Cancel(quote.Ticket, quote.ValidUntil.AddTicks(-1))).Refund);

        Assert.Equal(quote.Refund, quote.Lines.Aggregate(MicroUsd.Zero, (sum, line) => sum + line.Amount));
        Assert.Equal(quote.Paid, quote.Kept + quote.Refund);
        Assert.True(CancelTicket.TryRead(quote.Ticket.Write(), out CancelTicket? read));
        Assert.Equal(quote.Ticket, read);
    }

    [Fact]
    public void A_quote_for_cancelling_is_void_once_the_rental_has_changed()
    {
        Rental rental = A.Rental();
        CancelQuote quote = ((CancelQuoted)rental.AskCancel(A.Rules, A.Noon)).Quote;
        Extend(rental, A.Noon);

        Assert.IsType<QuoteMismatch>(rental.Cancel(quote.Ticket, A.Noon));
        Assert.IsType<QuoteMismatch>(A.Rental().Cancel(quote.Ticket, A.Noon));
    }

    [Theory]
    [InlineData(72, 48)]
    [InlineData(48, 24)]
    [InlineData(47, 23.5)]
    [InlineData(2, 1)]
    [InlineData(8_760, 8_760)]
    public void A_rental_renews_itself_a_day_before_its_end_or_half_way(int hours, double atHour) =>
        Assert.Equal(A.Noon.AddHours(atHour), Renewing(hours: hours).RenewsAt);

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void It_renews_itself_at_that_instant_and_not_before(long ticks, bool isRenewed)
    {
        Rental rental = Renewing();

        IRenewalOutcome? outcome = rental.Renew(A.Node(), A.Policy, A.Rules, rich, A.Noon.AddHours(48).AddTicks(ticks));

        Assert.Equal(isRenewed, outcome is RentalRenewed);
        Assert.Equal(isRenewed ? A.Noon.AddHours(144) : A.Noon.AddHours(72), rental.EndsAt);
        Assert.Equal(isRenewed ? A.Noon.AddHours(120) : A.Noon.AddHours(48), rental.RenewsAt);
        if (isRenewed)
            Assert.Null(rental.Renew(A.Node(), A.Policy, A.Rules, rich, A.Noon.AddHours(49)));
    }

    [Fact]
    public void An_extension_moves_the_next_renewal_with_the_end()
    {
        Rental rental = Renewing();

        Extend(rental, A.Noon, hours: 24);

        Assert.Equal(A.Noon.AddHours(84), rental.RenewsAt); // It ends at 96 h; half of 24 h before that.
        Assert.Null(rental.Renew(A.Node(), A.Policy, A.Rules, rich, A.Noon.AddHours(48)));
    }

    [Fact]
    public void Returning_from_grace_by_an_extension_is_not_followed_by_a_renewal()
    {
        Rental rental = InGrace();
        DateTimeOffset now = A.Noon.AddHours(82);

        Extend(rental, now, hours: 24);

        Assert.Equal(now.AddHours(12), rental.RenewsAt);
        Assert.Null(rental.Renew(A.Node(), A.Policy, A.Rules, rich, now));
    }

    [Fact]
    public void Once_grace_would_be_over_nothing_is_renewed_or_extended_even_if_no_pass_has_ended_the_rental_yet()
    {
        Rental rental = Renewing();
        DateTimeOffset over = A.Noon.AddHours(144); // It ended at 72 h.

        IRenewalOutcome? outcome = rental.Renew(A.Node(), A.Policy, A.Rules, rich, over);
        var refusal = Assert.IsType<RentalAlreadyEnded>(Extend(rental, over));

        Assert.Null(outcome);
        Assert.Equal((over, RentalEndReason.GraceEnded), (refusal.EndedAt, refusal.EndReason));
        Assert.Equal(A.Noon.AddHours(72), rental.EndsAt);
        Assert.IsType<RentalRenewed>(rental.Renew(A.Node(), A.Policy, A.Rules, rich, over.AddTicks(-1)));
    }

    [Fact]
    public void A_renewal_keeps_the_term_and_earns_its_discount()
    {
        Rental rental = A.Rental(wish: A.Wish(months: 3));
        rental.SetAutoRenew(rental.PricePerHour, A.Rules, A.Noon);

        var renewed = Assert.IsType<RentalRenewed>(rental.Renew(A.Node(), A.Policy, A.Rules, rich, rental.RenewsAt!.Value));

        Assert.Equal((rental.Segments[0].Paid, 3), (renewed.Charged, rental.Segments[1].Months!.Value));
    }

    [Fact]
    public void Above_the_price_that_the_renter_allowed_nothing_is_charged()
    {
        Rental rental = Renewing();

        var putOff = Assert.IsType<RenewalPutOff>(rental.Renew(A.Node(price: 20_001), A.Policy, A.Rules, rich, A.Noon.AddHours(48)));

        Assert.Equal((RenewalFailure.PriceAboveMax, A.Noon.AddHours(49), 1), (putOff.Failure, rental.RenewsAt!.Value, rental.Segments.Count));
        Assert.IsType<RentalRenewed>(rental.Renew(A.Node(price: 20_000), A.Policy, A.Rules, rich, A.Noon.AddHours(49)));
    }

    [Fact]
    public void Without_the_money_or_the_node_it_is_tried_again()
    {
        Rental rental = Renewing();
        GridNode unpublished = A.Node();
        unpublished.Unpublish(A.Farmer);

        Assert.Equal(RenewalFailure.InsufficientFunds, Assert.IsType<RenewalPutOff>(
            rental.Renew(A.Node(), A.Policy, A.Rules, A.Dollars("1.079999"), A.Noon.AddHours(48))).Failure);
        Assert.Equal(RenewalFailure.NotAvailable, Assert.IsType<RenewalPutOff>(
            rental.Renew(unpublished, A.Policy, A.Rules, rich, A.Noon.AddHours(49))).Failure);
        Assert.Equal((1, MicroUsd.Zero), (rental.Segments.Count, rental.Refunded));
    }

    [Fact]
    public void A_renewal_comes_back_whole_when_it_is_turned_off_before_it_starts()
    {
        Rental rental = Renewing();
        rental.Renew(A.Node(), A.Policy, A.Rules, rich, A.Noon.AddHours(48));

        var set = Assert.IsType<AutoRenewSet>(rental.SetAutoRenew(null, A.Rules, A.Noon.AddHours(72).AddTicks(-1)));

        Assert.Equal((A.Dollars("1.08"), A.Noon.AddHours(72), true), (set.Refund, rental.EndsAt, rental.Segments[1].IsReturned));
        Assert.Null(rental.RenewsAt);
        Assert.Equal(new RentalEnded(rental), rental.Pass(A.Rules, A.Noon.AddHours(72)));
        Assert.Equal((A.Dollars("1.08"), A.Dollars("1.08")), (rental.EarnedAt(rental.EndsAt), rental.Paid - rental.Refunded));
    }

    [Fact]
    public void A_renewal_that_has_started_stays_when_renewal_is_turned_off()
    {
        Rental rental = Renewing();
        rental.Renew(A.Node(), A.Policy, A.Rules, rich, A.Noon.AddHours(48));

        var set = Assert.IsType<AutoRenewSet>(rental.SetAutoRenew(null, A.Rules, A.Noon.AddHours(72)));

        Assert.Equal((MicroUsd.Zero, A.Noon.AddHours(144)), (set.Refund, rental.EndsAt));
    }

    [Fact]
    public void An_extension_that_the_renter_bought_stays_when_renewal_is_turned_off()
    {
        Rental rental = Renewing();
        Extend(rental, A.Noon);

        Assert.Equal(MicroUsd.Zero, Assert.IsType<AutoRenewSet>(rental.SetAutoRenew(null, A.Rules, A.Noon)).Refund);

        Assert.Equal(A.Noon.AddHours(96), rental.EndsAt);
    }

    [Fact]
    public void Setting_the_same_again_changes_nothing()
    {
        Rental rental = Renewing();
        long version = rental.Version;

        rental.SetAutoRenew(rental.AutoRenewMax, A.Rules, A.Noon);

        Assert.Equal(version, rental.Version);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public void A_term_ends_in_grace_if_it_was_to_renew_itself(long ticks)
    {
        Rental rental = Renewing();

        IRentalPassed? passed = rental.Pass(A.Rules, rental.EndsAt.AddTicks(ticks));

        Assert.Equal(ticks < 0 ? null : new RentalEnteredGrace(rental, A.Noon.AddHours(144)), passed);
        Assert.Equal(ticks < 0 ? RentalStatus.Active : RentalStatus.Grace, rental.Status);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void Grace_ends_after_three_days_and_what_was_owed_is_written_off(long ticks, bool isOver)
    {
        Rental rental = InGrace();

        IRentalPassed? passed = rental.Pass(A.Rules, A.Noon.AddHours(144).AddTicks(ticks));

        Assert.Equal(isOver, passed is RentalEnded);
        if (isOver)
        {
            Assert.Equal(
                (RentalStatus.Ended, RentalEndReason.GraceEnded, A.Noon.AddHours(144), A.Dollars("1.08")),
                (rental.Status, rental.EndReason!.Value, rental.EndedAt!.Value, rental.WrittenOff));
            Assert.Equal(MicroUsd.Zero, rental.Refunded);
        }
    }

    [Fact]
    public void Grace_is_no_longer_than_the_term_that_ended()
    {
        Rental rental = Renewing(hours: 2);

        Assert.Equal(A.Noon.AddHours(4), Assert.IsType<RentalEnteredGrace>(rental.Pass(A.Rules, rental.EndsAt)).GraceEndsAt);
    }

    [Fact]
    public void A_quote_with_time_in_grace_is_void_once_that_was_paid()
    {
        Rental rental = InGrace();
        DateTimeOffset now = A.Noon.AddHours(82);
        ExtensionQuote quote = ((ExtensionQuoted)rental.AskExtension(Term(24, null), A.Node(), A.Policy, now)).Quote;
        Extend(rental, now);

        Assert.IsType<QuoteMismatch>(Extend(rental, now, quote: quote));
    }

    [Fact]
    public void A_returned_renewal_takes_its_price_with_it()
    {
        Rental rental = Renewing();
        rental.Renew(A.Node(price: 20_000), A.Policy, A.Rules, rich, A.Noon.AddHours(48));

        rental.SetAutoRenew(null, A.Rules, A.Noon.AddHours(50));

        Assert.Equal(MicroUsdPerHour.From(15_000), rental.PricePerHour);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void A_rental_that_nobody_makes_a_machine_for_fails_after_half_an_hour(long ticks, bool isFailed)
    {
        GridNode node = A.Node();
        Rental rental = ((SlicesRented)Rental.Start(A.Application(node) with { IsProvisioned = true }, node, rich, A.Noon)).Rental;

        Assert.Equal(isFailed, rental.Pass(A.Rules, A.Noon.AddMinutes(30).AddTicks(ticks)) is RentalFailed);
        Assert.Equal(isFailed ? rental.Paid : MicroUsd.Zero, rental.Refunded);
    }

    [Fact]
    public void After_a_long_outage_a_rental_ends_when_its_grace_would_have_ended()
    {
        Rental rental = Renewing();

        Assert.IsType<RentalEnded>(rental.Pass(A.Rules, A.Noon.AddDays(30)));

        Assert.Equal((RentalEndReason.GraceEnded, A.Noon.AddHours(144)), (rental.EndReason!.Value, rental.EndedAt!.Value));
    }

    [Fact]
    public void Returning_from_grace_pays_the_time_since_the_end_first_and_begins_a_term_now()
    {
        Rental rental = InGrace();
        DateTimeOffset now = A.Noon.AddHours(82); // Ten hours owed.

        var extended = Assert.IsType<RentalExtended>(Extend(rental, now, hours: 24, node: A.Node(price: 30_000)));

        Assert.Equal(A.Dollars("0.87"), extended.Charged); // 10 h at the old price and 24 h at the new one.
        Assert.Equal(
            [RentalSegmentKind.Term, RentalSegmentKind.Grace, RentalSegmentKind.Extension], rental.Segments.Select(segment => segment.Kind));
        Assert.Equal((RentalStatus.Active, now.AddHours(24), (DateTimeOffset?)null), (rental.Status, rental.EndsAt, rental.GraceEndsAt));
        Assert.Equal(rental.Segments[1].EndsAt, rental.Segments[2].StartsAt);
    }

    [Fact]
    public void A_rental_in_grace_renews_itself_when_the_money_has_come()
    {
        Rental rental = InGrace();

        Assert.IsType<RentalRenewed>(rental.Renew(A.Node(), A.Policy, A.Rules, A.Dollars("1.095"), A.Noon.AddHours(73))); // One hour owed and 72.

        Assert.Equal((RentalStatus.Active, A.Dollars("2.175")), (rental.Status, rental.Paid));
    }

    [Fact]
    public void A_rental_in_grace_is_cancelled_without_money()
    {
        Rental rental = InGrace();

        Assert.Equal(MicroUsd.Zero, Assert.IsType<RentalCancelled>(rental.Cancel(null, A.Noon.AddHours(73))).Refund);

        Assert.Equal(A.Dollars("0.015"), rental.WrittenOff);
    }

    [Fact]
    public void Billing_begins_when_the_machine_is_ready_and_not_before()
    {
        GridNode node = A.Node();
        RentalApplication application = A.Application(node, A.Wish(hours: 24)) with { IsProvisioned = true };
        Rental rental = ((SlicesRented)Rental.Start(application, node, rich, A.Noon)).Rental;

        Assert.IsType<RentalNotActive>(Extend(rental, A.Noon));
        Assert.IsType<RentalActivated>(rental.Activate(new RentalPolicy(), MicroUsd.Zero, A.Noon.AddMinutes(4)));

        Assert.Equal((A.Noon.AddMinutes(4), A.Noon.AddMinutes(4).AddHours(24)), (rental.StartsAt, rental.EndsAt));
        Assert.Equal((rental.StartsAt, rental.EndsAt), (rental.Segments[0].StartsAt, rental.Segments[0].EndsAt));
        Assert.Null(rental.Activate(new RentalPolicy(), MicroUsd.Zero, A.Noon.AddMinutes(5)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_machine_that_never_came_costs_nothing(bool isCancelled)
    {
        GridNode node = A.Node();
        Rental rental = ((SlicesRented)Rental.Start(A.Application(node) with { IsProvisioned = true }, node, rich, A.Noon)).Rental;

        if (isCancelled)
            rental.Cancel(null, A.Noon.AddMinutes(10));
        else
            Assert.Equal(rental.Paid, rental.Fail(A.Noon.AddMinutes(15))!.Refund);

        Assert.Equal((rental.Paid, isCancelled ? RentalStatus.Cancelled : RentalStatus.Failed), (rental.Refunded, rental.Status));
        Assert.Null(rental.Fail(A.Noon.AddMinutes(16)));
    }

    [Theory]
    [InlineData("web-1", true)]
    [InlineData("é 東京", true)]
    [InlineData("", false)]
    [InlineData(" web", false)]
    [InlineData("a\nb", false)]
    public void A_rental_has_a_short_name_or_none(string name, bool isName)
    {
        Rental rental = A.Rental();

        Assert.Equal(isName, rental.Rename(name, A.Noon) is RentalRenamed);
        Assert.Equal(isName ? name : null, rental.Name);
        Assert.IsType<RentalRenamed>(rental.Rename(null, A.Noon));
        Assert.IsType<InvalidRentalName>(rental.Rename(new string('a', 65), A.Noon));
        Assert.IsType<RentalRenamed>(rental.Rename(new string('a', 64), A.Noon));
        rental.Cancel(null, A.Noon);
        Assert.IsType<RentalAlreadyEnded>(rental.Rename("late", A.Noon));
    }

    /// <summary>Steps that change a rental: 0 and 1 extend, 2 renews, 3 turns renewal on or off, 4 lets time do its work; each after some hours.</summary>
    private static readonly Gen<(int Kind, int Hours, int Price)[]> script =
        Gen.Choose(0, 4).SelectMany(_ => Gen.Choose(1, 400), (kind, hours) => (kind, hours))
            .SelectMany(_ => Gen.Choose(1_000, 50_000), (step, price) => (step.kind, step.hours, price))
            .ListOf().Select(steps => steps.ToArray());

    [Fact]
    public void Whatever_happens_segments_follow_each_other_and_add_up() =>
        Property.Holds(script, steps =>
        {
            GridNode node = A.Node();
            Rental rental = A.Rental(node, A.Wish(hours: 100));
            DateTimeOffset now = A.Noon;
            foreach ((int kind, int hours, int price) in steps)
            {
                now += TimeSpan.FromMinutes(hours * 7);
                GridNode priced = A.Node(price: price);
                switch (kind)
                {
                    case 0 or 1:
                        Extend(rental, now, hours, node: priced);
                        break;
                    case 2:
                        rental.Renew(priced, A.Policy, A.Rules, rich, now);
                        break;
                    case 3:
                        rental.SetAutoRenew(rental.AutoRenewMax is null ? MicroUsdPerHour.From(25_000) : null, A.Rules, now);
                        break;
                    default:
                        rental.Pass(A.Rules, now);
                        break;
                }
            }
            AssertWhole(rental);
            MicroUsd before = rental.Refunded;
            MicroUsd owedBack = rental.IsLive ? rental.RefundAt(now) : MicroUsd.Zero;
            if (rental.Cancel(null, now) is RentalCancelled cancelled)
            {
                Assert.Equal(owedBack, cancelled.Refund);
                Assert.InRange(cancelled.Refund.Value, 0, (rental.Paid - before).Value);
                // Whatever was paid out as time passed is kept.
                Assert.True(rental.EarnedAt(now) <= rental.Paid - rental.Refunded);
                Assert.Equal(MicroUsd.Zero, LedgerEntry.Settlement(rental).Postings.Aggregate(MicroUsd.Zero, (sum, posting) => sum + posting.Amount));
            }
            AssertWhole(rental);
        }, count: 2_000);

    private static void AssertWhole(Rental rental)
    {
        RentalSegment[] counted = [.. rental.Segments.Where(segment => !segment.IsReturned)];
        Assert.Equal(rental.StartsAt, counted[0].StartsAt);
        Assert.Equal(rental.EndsAt, counted[^1].EndsAt);
        Assert.All(counted.Zip(counted.Skip(1)), pair => Assert.Equal(pair.First.EndsAt, pair.Second.StartsAt));
        Assert.Equal(rental.Paid.Value, rental.Segments.Sum(segment => segment.Paid.Value));
        Assert.Equal(rental.Refunded.Value, rental.Segments.Sum(segment => segment.Refunded.Value));
        Assert.All(rental.Segments, segment => Assert.InRange(segment.Refunded.Value, 0, segment.Paid.Value));
    }
}
