using System.Globalization;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>
/// The money of renters and farmers as <c>docs/renters.md</c> and <c>docs/farmers.md</c> describe it, computed a second time: it shares no code with the
/// product and reads none of its tables. Instants and spans are microseconds, amounts micro-dollars. Each operation returns what the product has to answer.
/// </summary>
internal sealed partial class RentalModel(long now, int feeBasisPoints)
{
    public const long Second = 1_000_000;
    public const long Hour = 3_600 * Second;
    public const long Day = 24 * Hour;
    public const long Month = 720 * Hour;

    private const long LongestTerm = 8_760;
    private const int PenaltyPercent = 10;
    private const int HoldsMax = 3;
    private const int HeldSlicesMax = 32;

    private readonly Dictionary<Guid, ModelAccount> accounts = [];
    private readonly Dictionary<long, ModelNode> nodes = [];
    private readonly List<ModelRental> rentals = [];
    private readonly List<ModelHold> holds = [];
    private readonly List<ModelPenalty> penalties = [];
    private long fees;

    public long Now { get; set; } = now;

    public IReadOnlyCollection<ModelAccount> Accounts => accounts.Values;

    public IReadOnlyCollection<ModelNode> Nodes => nodes.Values;

    public IReadOnlyList<ModelRental> Rentals => rentals;

    public IEnumerable<ModelHold> OpenHolds => holds.Where(hold => !hold.IsEnded);

    public bool HasUnpaidPenalty => penalties.Any(penalty => penalty.Paid < penalty.Amount);

    public ModelAccount AddAccount(Guid id) => accounts[id] = new(id);

    public ModelNode AddNode(long id, ModelAccount farmer, int slices, long price) => nodes[id] = new(id, farmer, slices) { Price = price };

    /// <summary>A deposit pays what the account owes first.</summary>
    public Outcome Deposit(ModelAccount account, long amount)
    {
        long toDebt = Math.Min(amount, account.Debt);
        account.Debt -= toDebt;
        account.Wallet += amount - toDebt;
        return Outcome.Of("FundsDeposited", account.Wallet);
    }

    /// <summary>The price of new rentals, extensions and renewals.</summary>
    public Outcome SetPrice(ModelNode node, long price)
    {
        node.Price = price;
        return Outcome.Of("NodePricingSet");
    }

    public Outcome Reserve(ModelAccount account, ModelNode node, int multiplier, int quantity, long lifetime)
    {
        ModelHold[] held = [.. OpenHolds.Where(hold => hold.Account == account && hold.ExpiresAt > Now)];
        bool isTooMuch = held.Length >= HoldsMax || held.Sum(hold => hold.Slices) + multiplier * quantity > HeldSlicesMax;
        bool owes = Owes(account);
        Outcome outcome = Outcome.Of("SlicesReserved")
            .Unless(owes, "AccountOwes")
            .Unless(!owes && !CanHave(node, multiplier * quantity), $"NotEnoughSlices {FreeSlices(node) / multiplier}")
            .Unless(isTooMuch, "ReservationLimitReached");
        if (outcome.IsDone)
            holds.Add(new(account, node, multiplier, quantity, Now + lifetime));
        return outcome;
    }

    /// <summary>Null if there never was one.</summary>
    public ModelHold? NewestHold => holds.LastOrDefault();

    public ModelRental NewestRental => rentals[^1];

    /// <summary>Slices are paid in advance, at the price of now. Who owes something rents nothing.</summary>
    public Outcome Rent(ModelAccount renter, ModelNode node, int multiplier, int quantity, ModelTerm term, ModelHold? hold)
    {
        int slices = multiplier * quantity;
        long total = TermPrice(node.Price * slices, term);
        bool owes = Owes(renter);
        Outcome outcome = Outcome.Of("SlicesRented", total)
            .Unless(owes, "AccountOwes")
            .Unless(hold is { IsRented: true }, "ReservationEnded Rented")
            .Unless(hold is { IsRented: false } && hold.ExpiresAt <= Now, "ReservationEnded Expired")
            .Unless(!owes && hold is null && !CanHave(node, slices), $"NotEnoughSlices {FreeSlices(node) / multiplier}")
            .Unless(renter.Wallet < total, $"InsufficientFunds {total}");
        if (!outcome.IsDone)
            return outcome;

        if (hold is not null)
            (hold.IsEnded, hold.IsRented) = (true, true);
        var rental = new ModelRental(renter, node, slices);
        rentals.Add(rental);
        Add(rental, "Term", Now, Now + term.Hours * Hour, node.Price * slices, term, total);
        return outcome;
    }

    /// <summary>Another term begins where the paid time ends. In grace the owed time is paid first, and the term begins now.</summary>
    public Outcome Extend(ModelRental rental, ModelTerm term)
    {
        long total = Owed(rental) + TermPrice(rental.Node.Price * rental.Slices, term);
        Outcome outcome = Outcome.Of("RentalExtended", total)
            .UnlessEnded(rental, rental.IsOver(Now))
            .Unless(ReachesTooFar(rental, term), "RentalReachesTooFar")
            .Unless(rental.Renter.Wallet < total, $"InsufficientFunds {total}");
        if (outcome.IsDone)
            Append(rental, "Extension", term);
        return outcome;
    }

    /// <summary>Turned off, a renewal that was paid and has not started comes back whole, unless something was appended to it.</summary>
    public Outcome SetAutoRenew(ModelRental rental, long? maxPrice)
    {
        Outcome ended = Outcome.Of("AutoRenewSet").UnlessEnded(rental, rental.IsSeenToBeOver(Now));
        if (!ended.IsDone)
            return ended;

        long refund = 0;
        if (maxPrice is null && rental.LastPart is { Kind: "Renewal" } renewal && renewal.Start > Now)
        {
            refund = renewal.Paid;
            (renewal.IsReturned, renewal.Refunded) = (true, refund);
            rental.Renter.Wallet += refund;
        }
        if (maxPrice != rental.MaxPrice || refund > 0)
            (rental.MaxPrice, rental.RenewsAt) = (maxPrice, maxPrice is null ? null : RenewalDue(rental));
        return Outcome.Of("AutoRenewSet", refund);
    }

    /// <summary>
    /// What was used costs what a term of that length costs, at least an hour and never more than was paid; what has not started comes back whole. What is owed
    /// is written off.
    /// </summary>
    public Outcome Cancel(ModelRental rental)
    {
        Outcome ended = Outcome.Of("RentalCancelled").UnlessEnded(rental, rental.IsSeenToBeOver(Now));
        return ended.IsDone ? Outcome.Of("RentalCancelled", End(rental, "Cancelled", "CancelledByRenter", Now, part => UsedPrice(rental, part))) : ended;
    }

    /// <summary>Exactly the unused time comes back, and a tenth of it on top; nobody pays a penalty to oneself.</summary>
    public Outcome EndEarly(ModelRental rental, ModelAccount by)
    {
        Outcome ended = Outcome.Of("RentalWithdrawn").UnlessEnded(rental, rental.IsSeenToBeOver(Now));
        if (!ended.IsDone)
            return ended;

        bool isFarmer = by == rental.Farmer;
        long refund = End(rental, "Cancelled", isFarmer ? "CancelledByFarmer" : "CancelledByOperator", Now, part => part.EarnedAt(Now));
        long amount = rental.Renter == rental.Farmer ? 0 : refund * PenaltyPercent / 100;
        if (amount > 0)
        {
            penalties.Add(new(rental.Renter, isFarmer ? rental.Farmer : null, amount));
            Pay(penalties[^1], advanceMax: 0);
        }
        return Outcome.Of("RentalWithdrawn", refund, amount);
    }

    /// <summary>What was earned in months that are over, as far as the wallet still holds it, less what is owed and was withdrawn.</summary>
    public long WithdrawableOf(ModelAccount account) => Math.Max(0, Math.Min(account.Wallet, account.Settled - account.Withdrawn) - account.Debt
        - penalties.Where(penalty => penalty.Payer == account).Sum(penalty => penalty.Amount - penalty.Paid));

    public Outcome Withdraw(ModelAccount account, long amount)
    {
        Outcome outcome = Outcome.Of("WithdrawalRequested", account.Wallet - amount)
            .Unless(Owes(account), "AccountOwes")
            .Unless(amount > WithdrawableOf(account), $"NotWithdrawable {WithdrawableOf(account)}");
        if (outcome.IsDone)
        {
            account.Wallet -= amount;
            account.Withdrawn += amount;
        }
        return outcome;
    }

    /// <summary>An operator refuses it: the amount is back.</summary>
    public void ReturnWithdrawal(ModelAccount account, long amount)
    {
        account.Wallet += amount;
        account.Withdrawn -= amount;
    }

    private bool Owes(ModelAccount account) =>
        account.Debt > 0 || rentals.Any(rental => rental.Renter == account && rental.Status == "Grace");

    /// <summary>What is over holds no slices from that very instant, whether or not a pass has ended it; this ends it.</summary>
    private bool CanHave(ModelNode node, int slices)
    {
        if (FreeSlices(node) >= slices)
            return true;
        ModelHold[] expired = [.. OpenHolds.Where(hold => hold.Node == node && hold.ExpiresAt <= Now)];
        if (expired.Length == 0 && !rentals.Any(rental => rental.Node == node && rental.IsSeenToBeOver(Now)))
            return false;
        foreach (ModelHold hold in expired)
            hold.IsEnded = true;
        Expire(node);
        return FreeSlices(node) >= slices;
    }

    private int FreeSlices(ModelNode node) => node.Slices - OpenHolds.Where(hold => hold.Node == node).Sum(hold => hold.Slices)
        - rentals.Where(rental => rental.IsLive && rental.Node == node).Sum(rental => rental.Slices);

    private bool ReachesTooFar(ModelRental rental, ModelTerm term) => Math.Max(rental.End, Now) + term.Hours * Hour > Now + LongestTerm * Hour;

    /// <summary>What is owed for the time since the paid time ended: the last price, without discount.</summary>
    private long Owed(ModelRental rental) => Now > rental.End ? TimePrice(rental.LastPart.Rate, Now - rental.End, discount: 0) : 0;

    private void Append(ModelRental rental, string kind, ModelTerm term)
    {
        if (Now > rental.End)
            Add(rental, "Grace", rental.End, Now, rental.LastPart.Rate, term: null, Owed(rental));
        long rate = rental.Node.Price * rental.Slices;
        Add(rental, kind, rental.End, rental.End + term.Hours * Hour, rate, term, TermPrice(rate, term));
        (rental.Status, rental.GraceEnd) = ("Active", null);
        rental.RenewsAt = rental.MaxPrice is null ? null : RenewalDue(rental);
    }

    private static void Add(ModelRental rental, string kind, long start, long end, long rate, ModelTerm? term, long paid)
    {
        rental.Parts.Add(new(kind, start, end, rate, term, paid));
        rental.Renter.Wallet -= paid;
    }

    /// <summary>24 hours before the end, or half-way through a term that is shorter than 48; two terms never reach further than the longest.</summary>
    private static long RenewalDue(ModelRental rental)
    {
        long hours = rental.LastTerm.Hours;
        return rental.End - Math.Min(Math.Min(Day, hours * Hour / 2), (LongestTerm - hours) * Hour);
    }

    /// <summary>Settles with both sides: what is kept of each part is earned, the rest goes back to the renter, and is returned.</summary>
    private long End(ModelRental rental, string status, string reason, long at, Func<ModelPart, long> kept)
    {
        long refund = 0;
        foreach (ModelPart part in rental.Parts.Where(part => !part.IsReturned))
        {
            part.Refunded = part.Paid - kept(part);
            refund += part.Refunded;
        }
        rental.Renter.Wallet += refund;
        Earn(rental, rental.Paid - rental.Refunded, MonthOf(Now));
        (rental.Status, rental.EndReason, rental.EndedAt, rental.RenewsAt, rental.GraceEnd) = (status, reason, at, null, null);
        return refund;
    }

    private long UsedPrice(ModelRental rental, ModelPart part)
    {
        long used = Math.Clamp(Now - part.Start, 0, part.End - part.Start);
        if (part == rental.Parts[0])
            used = Math.Max(used, Hour);
        if (used == part.End - part.Start)
            return part.Paid;
        return Math.Min(part.Paid, TimePrice(part.Rate, used, Math.Min(part.Discount, DiscountOf(used / Month))));
    }

    /// <summary>The list price less the discount, which is rounded half to even.</summary>
    private static long TermPrice(long rate, ModelTerm term)
    {
        long list = rate * term.Hours;
        (Int128 discount, Int128 rest) = Int128.DivRem((Int128)list * (term.Months is null ? 0 : DiscountOf(term.Months.Value)), 100);
        if (rest > 50 || (rest == 50 && Int128.IsOddInteger(discount)))
            discount++;
        return list - (long)discount;
    }

    /// <summary>What a span of time costs, rounded down.</summary>
    private static long TimePrice(long rate, long span, int discount) => (long)((Int128)rate * span * (100 - discount) / (100 * (Int128)Hour));

    /// <summary>Percent off for so many months.</summary>
    public static int DiscountOf(long months) => months switch
    {
        >= 12 => 15,
        >= 6 => 10,
        >= 3 => 5,
        _ => 0,
    };

    private static int MonthOf(long instant)
    {
        DateTime at = DateTime.UnixEpoch.AddMicroseconds(instant);
        return at.Year * 12 + at.Month;
    }
}

/// <summary>What the product has to answer: the outcome with its amounts, or any one of the refusals that apply.</summary>
internal sealed record Outcome(string Answer, IReadOnlyList<string> Refusals)
{
    public bool IsDone => Refusals.Count == 0;

    public static Outcome Of(string answer, params long[] amounts) =>
        new(string.Join(' ', [answer, .. amounts.Select(amount => amount.ToString(CultureInfo.InvariantCulture))]), []);

    public Outcome Unless(bool applies, string refusal) => applies ? this with { Refusals = [.. Refusals, refusal] } : this;

    public Outcome UnlessEnded(ModelRental rental, bool isOver) => Unless(!rental.IsLive || isOver, $"RentalAlreadyEnded {rental.WhyOver}");

    public bool Allows(string answer) => IsDone ? answer == Answer : Refusals.Contains(answer);

    public override string ToString() => IsDone ? Answer : string.Join(" or ", Refusals);
}
