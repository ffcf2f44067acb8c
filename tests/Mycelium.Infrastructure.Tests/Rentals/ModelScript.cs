using System.Globalization;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Farms;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Payments;
using Mycelium.Infrastructure.Payouts;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Does one random thing after the other, with the product and with the model, and compares both.</summary>
internal sealed partial class ModelScript
{
    private const int FeeBasisPoints = 725;
    private const int RenterCount = 12;
    private const int FarmerCount = 3;
    private const int NodeCount = 6;
    private const int CheckEvery = 250;

    private readonly TestMarket market;
    private readonly Random random;
    private readonly int seed;
    private readonly RentalModel model;
    private readonly List<ModelAccount> farmers = [];
    private readonly List<ModelAccount> renters = [];
    private readonly SortedDictionary<string, int> answers = new(StringComparer.Ordinal);
    private readonly Queue<string> latest = [];
    private AccountId operatorId;
    private int step;

    private ModelScript(TestMarket market, int seed)
    {
        (this.market, this.seed) = (market, seed);
        random = new Random(seed);
        model = new RentalModel(Microseconds(beginning), FeeBasisPoints);
    }

    /// <summary>Late in a month, so that one ends soon, and long after the tables were made: nothing is posted on a release's first day.</summary>
    private static readonly DateTimeOffset beginning = new DateTimeOffset(2100, 1, 29, 10, 17, 23, TimeSpan.Zero).AddMicroseconds(456_789);

    /// <summary>What the market has to be opened with.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("Rentals:FeeBasisPoints", FeeBasisPoints.ToString(CultureInfo.InvariantCulture)),
        new("Payouts:BaseUrl", "http://127.0.0.1:1"), // Nobody sends anything.
        new("Payouts:Secret", "a-secret-of-the-tests-32-characters-long"),
        new("Allocation:WaitMax", "00:01:00"), // A machine that is busy with other tests refuses nobody.
    ];

    /// <summary>How often each answer was given.</summary>
    public string Summary => string.Join(", ", answers.Select(answer => $"{answer.Key} {answer.Value}"));

    public static async Task<ModelScript> StartAsync(TestMarket market, int seed)
    {
        var script = new ModelScript(market, seed);
        await script.BeAtAsync(script.model.Now);
        script.operatorId = await market.AccountAsync();
        for (int number = 1; number <= FarmerCount; number++)
            script.farmers.Add(script.model.AddAccount(number == 1 ? market.Farmer.Value : await script.FarmAsync(number)));
        script.renters.AddRange((await market.AccountsAsync(RenterCount)).Select(account => script.model.AddAccount(account.Value)));
        script.renters.AddRange(script.farmers);
        for (int id = 1; id <= NodeCount; id++)
            await script.PublishAsync(id, script.farmers[id % FarmerCount], slices: 6 + 2 * id, price: 4_000 * id);
        foreach (ModelAccount renter in script.renters.Take(RenterCount))
            await script.DepositAsync(renter, 20_000_000);
        return script;
    }

    public async Task RunAsync(int steps)
    {
        for (step = 1; step <= steps; step++)
        {
            await StepAsync();
            await CompareWalletsAsync();
            if (step % CheckEvery == 0 || step == steps)
                await CompareAllAsync();
        }
    }

    private Task StepAsync() => random.Next(100) switch
    {
        < 10 => DepositAsync(),
        < 28 => RentAsync(),
        < 31 => ReserveAsync(),
        < 35 => RentReservedAsync(),
        < 46 => ExtendAsync(),
        < 60 => SetAutoRenewAsync(),
        < 66 => CancelAsync(),
        < 69 => EndAsync(),
        < 71 => SetPriceAsync(),
        < 74 => WithdrawAsync(),
        _ => PassTimeAsync(),
    };

    private Task DepositAsync() => DepositAsync(Any(renters), random.NextInt64(1, random.Next(2) == 0 ? 3_000_000 : 60_000_000));

    private async Task DepositAsync(ModelAccount account, long amount)
    {
        Compare($"deposit {amount} for {Name(account)}", model.Deposit(account, amount),
            await market.Replica.Get<DepositFunds>().Execute(Actor.Command, new(account.Id), MicroUsd.From(amount), market.NewKey(), default));
    }

    private async Task RentAsync()
    {
        (ModelAccount renter, ModelNode node, ModelTerm term) = (Any(renters), Any(model.Nodes), AnyTerm());
        (int multiplier, int quantity) = (1 << random.Next(3), random.Next(1, 4));
        await RentAsync(renter, node, multiplier, quantity, term, hold: null);
    }

    private async Task RentReservedAsync()
    {
        if (!model.OpenHolds.Any(hold => hold.ExpiresAt > model.Now))
            await ReserveAsync();
        if (model.NewestHold is { } hold)
            await RentAsync(hold.Account, hold.Node, hold.Multiplier, hold.Quantity, AnyTerm(), hold);
    }

    private async Task RentAsync(ModelAccount renter, ModelNode node, int multiplier, int quantity, ModelTerm term, ModelHold? hold)
    {
        Outcome outcome = model.Rent(renter, node, multiplier, quantity, term, hold);
        var wish = new RentalWish(SliceCombinationId.Of(new NodeId(node.Id), multiplier), quantity, TermOf(term));
        IRentSlicesResult result = await market.RentAsync(new RentRequest(new(renter.Id), wish, A.SshKey, market.NewKey())
        {
            ReservationId = hold is null ? null : new ReservationId(hold.Id),
        });
        Compare($"rent {multiplier} × {quantity} of node {node.Id} for {Name(renter)}, {term}, reserved {hold is not null}", outcome, result);
        if (result is SlicesRented { Rental.Id: var id })
            model.NewestRental.Id = id.Value;
    }

    private async Task ReserveAsync()
    {
        (ModelAccount account, ModelNode node) = (Any(renters), Any(model.Nodes));
        (int multiplier, int quantity, int minutes) = (1 << random.Next(3), random.Next(1, 4), random.Next(1, 31));
        Outcome outcome = model.Reserve(account, node, multiplier, quantity, minutes * 60 * RentalModel.Second);
        var request = new HoldRequest(SliceCombinationId.Of(new NodeId(node.Id), multiplier), quantity, TimeSpan.FromMinutes(minutes));
        IReserveSlicesResult result = await market.Replica.Get<ReserveSlices>().Execute(new(account.Id), request, market.NewKey(), default);
        Compare($"reserve {multiplier} × {quantity} of node {node.Id} for {Name(account)}, {minutes} min", outcome, result);
        if (result is SlicesReserved { Reservation.Id: var id })
            model.NewestHold!.Id = id.Value;
    }

    private async Task ExtendAsync()
    {
        if (AnyRental() is not { } rental)
            return;
        ModelTerm term = AnyTerm();
        Compare($"extend {Name(rental)}, {term}", model.Extend(rental, term), await market.Replica.Get<ExtendRental>().Execute(
            new(rental.Renter.Id), new(rental.Id), TermOf(term), null, market.NewKey(), default));
    }

    private async Task SetAutoRenewAsync()
    {
        if (AnyRental() is not { } rental)
            return;
        long price = rental.Node.Price * rental.Slices;
        long? max = random.Next(8) switch
        {
            0 => null,
            1 => price,
            2 => price - 1,
            3 => price * 3 / 4,
            _ => price * 3,
        };
        Compare($"renew {Name(rental)} up to {max?.ToString(CultureInfo.InvariantCulture) ?? "nothing"}", model.SetAutoRenew(rental, max),
            await market.Replica.Get<SetAutoRenew>().Execute(
                new(rental.Renter.Id), new(rental.Id), max is { } limit ? MicroUsdPerHour.From(limit) : null, default));
    }

    private async Task CancelAsync()
    {
        if (AnyRental() is not { } rental)
            return;
        Compare($"cancel {Name(rental)}", model.Cancel(rental), await market.Replica.Get<CancelRental>().Execute(
            new(rental.Renter.Id), new(rental.Id), quote: null, market.NewKey(), isPartner: false, default));
    }

    /// <summary>
    /// By its farmer or an operator. Of several penalties that are not paid, chance decides which one is next, so there is never a second one.
    /// </summary>
    private async Task EndAsync()
    {
        if (AnyRental() is not { } rental)
            return;
        bool byOperator = model.HasUnpaidPenalty || random.Next(3) == 0;
        ModelAccount by = byOperator ? new(operatorId.Value) : rental.Farmer;
        Compare($"end {Name(rental)} by {(byOperator ? "an operator" : "its farmer")}", model.EndEarly(rental, by),
            await market.Replica.Get<EndRental>().Execute(new(by.Id), byOperator, new(rental.Id), "Because.", default));
    }

    private async Task SetPriceAsync()
    {
        (ModelNode node, long price) = (Any(model.Nodes), random.Next(1_000, 40_000));
        Compare($"set the price of node {node.Id} to {price}", model.SetPrice(node, price), await market.Replica.Get<SetNodePricing>().Execute(
            new(node.Farmer.Id), new(node.Id), MicroUsdPerHour.From(price), default));
    }

    /// <summary>Half of the withdrawals are refused by an operator, and come back.</summary>
    private async Task WithdrawAsync()
    {
        ModelAccount account = Any(renters);
        long amount = Math.Max(1_000_000, model.WithdrawableOf(account) + random.Next(-1, 2)) / random.Next(1, 3);
        amount = Math.Max(1_000_000, amount);
        IWithdrawFundsResult result = await market.Replica.Get<WithdrawFunds>().Execute(new(account.Id), MicroUsd.From(amount), market.NewKey(), default);
        Compare($"withdraw {amount} for {Name(account)}", model.Withdraw(account, amount), result);
        if (result is WithdrawalRequested { WithdrawalId: var id } && random.Next(2) == 0)
        {
            model.ReturnWithdrawal(account, amount);
            await market.Replica.Get<DecideWithdrawal>().RefuseAsync(Actor.Command, id, "Because.", default);
        }
    }

    /// <summary>Time passes for everybody. Mostly the passes run then, in this order.</summary>
    private async Task PassTimeAsync()
    {
        model.Now = NextInstant();
        await BeAtAsync(model.Now);
        Record($"it is {At(model.Now)}");
        if (random.Next(5) == 0)
            return;
        Replica replica = market.Replica;
        CompareCounts("renewed", model.Renew(), await replica.Get<RenewRentals>().Execute(default));
        CompareCounts("expired", model.Expire(), await replica.Get<ExpireRentals>().Execute(default));
        CompareCounts("farmers paid", model.PostEarnings(), (await replica.Get<PostEarnings>().Execute(default)).Settled);
        await replica.Get<PayPenalties>().Execute(default);
        model.PayPenalties();
        await replica.Get<PayDebts>().Execute(default);
        model.PayDebts();
    }

    /// <summary>Seconds to days from now; two times of three next to an instant at which something changes: on it, or a microsecond before or after.</summary>
    private long NextInstant()
    {
        long reach = random.Next(40) == 0 ? 60 * RentalModel.Day : 4 * RentalModel.Day;
        long[] changes = [.. Changes().Where(at => at - 1 > model.Now && at < model.Now + reach).Order()];
        if (random.Next(3) > 0 && changes.Length > 0)
            return changes[Math.Min(random.Next(changes.Length), random.Next(changes.Length))] + random.Next(-1, 2);
        return model.Now + random.Next(4) switch
        {
            0 => random.NextInt64(1, 60 * RentalModel.Second),
            1 => random.NextInt64(1, RentalModel.Hour),
            2 => random.NextInt64(1, RentalModel.Day),
            _ => random.NextInt64(1, 4 * RentalModel.Day),
        };
    }

    private IEnumerable<long> Changes()
    {
        foreach (ModelRental rental in model.Rentals.Where(rental => rental.IsLive))
        {
            yield return rental.Start + RentalModel.Hour;
            yield return rental.OverAt;
            if (rental.RenewsAt is { } renewsAt)
                yield return renewsAt;
            foreach (ModelPart part in rental.Parts)
            {
                yield return part.End;
                yield return part.Start + 3 * RentalModel.Month;
            }
        }
        foreach (ModelHold hold in model.OpenHolds)
            yield return hold.ExpiresAt;
        yield return model.Now - model.Now % RentalModel.Day + RentalModel.Day + 600 * RentalModel.Second; // Yesterday is posted.
    }

    private ModelTerm AnyTerm() => random.Next(12) switch
    {
        0 => new(720, 1),
        1 => new(2_160, 3),
        2 => random.Next(3) switch { 0 => new(8_640, 12), 1 => new(8_760, null), _ => new(4_320, 6) },
        < 7 => new(random.Next(1, 6), null),
        _ => new(random.Next(1, 200), null),
    };

    /// <summary>Mostly one that is live; null if there is none.</summary>
    private ModelRental? AnyRental()
    {
        ModelRental[] live = [.. model.Rentals.Where(rental => rental.IsLive)];
        return live.Length > 0 && random.Next(20) > 0 ? Any(live) : model.Rentals.Count > 0 ? Any(model.Rentals) : null;
    }

    private T Any<T>(IReadOnlyCollection<T> items) => items.ElementAt(random.Next(items.Count));

    private async Task<Guid> FarmAsync(int number)
    {
        AccountId farmer = await market.AccountAsync();
        await using (MyceliumDb db = market.Replica.Write())
        {
            db.Add(new Farm(new FarmObservation(
                new FarmId(number), $"Farm {number}", number + 1, FarmCertification.NotCertified, false, 0, 0, null, A.Noon, "main")));
            await db.SaveChangesAsync();
        }
        await market.Replica.Get<LinkFarmerTwin>().Execute(Actor.Command, GridIdentity.Main, number + 1, farmer, default);
        return farmer.Value;
    }

    private async Task PublishAsync(int id, ModelAccount farmer, int slices, long price)
    {
        await using (MyceliumDb db = market.Replica.Write())
        {
            db.Add(GridNode.Discover(A.Observation(id, slices, farmId: farmers.IndexOf(farmer) + 1)));
            await db.SaveChangesAsync();
        }
        Assert.IsType<NodeRegistered>(await market.Replica.Get<RegisterNode>().Execute(
            new(farmer.Id), GridIdentity.Main, id, MicroUsdPerHour.From(price), market.NewKey(), default));
        Assert.IsType<NodePublished>(await market.Replica.Get<PublishNode>().Execute(new(farmer.Id), new NodeId(id), default));
        model.AddNode(id, farmer, slices, price);
    }

    /// <summary>The market's clock stands still at an instant, so that both know it.</summary>
    private Task<int> BeAtAsync(long instant) => market.SqlAsync(
        $"CREATE OR REPLACE FUNCTION market_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT timestamptz ''{At(instant)}'''");

    private static RentalTerm TermOf(ModelTerm term) =>
        term.Months is { } months ? RentalTerm.OfMonths(months) : RentalTerm.OfHours(RentalHours.From((int)term.Hours));

    private static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static string At(long instant) =>
        DateTimeOffset.UnixEpoch.AddTicks(instant * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-dd HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private string Name(ModelAccount account) => $"renter {renters.IndexOf(account)}";

    private string Name(ModelRental rental) => $"rental {model.Rentals.ToList().IndexOf(rental)} ({rental.Id}) of {Name(rental.Renter)}";
}
