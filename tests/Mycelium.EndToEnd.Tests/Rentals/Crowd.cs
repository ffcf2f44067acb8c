using System.Globalization;
using System.Text.Json;
using Mycelium.EndToEnd.Tests.Kills;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Rentals;

/// <summary>What one caller of a crowd was answered.</summary>
/// <param name="Act">Which mutation.</param>
/// <param name="Key">Its idempotency key; empty where there is none.</param>
/// <param name="Answer">The member of its result union.</param>
internal sealed record CrowdAnswer(string Act, string Key, JsonElement Answer)
{
    public string Type => Answer.Type();
}

/// <summary>Callers who act at once, spread over two replicas, in an order that the seed decides.</summary>
internal sealed class Crowd(FullMarket market, Uri other, int seed)
{
    private readonly Random random = new(seed);
    private int repeatCount;

    /// <summary>Requests that were answered with UNAVAILABLE and sent again.</summary>
    public int RepeatCount => repeatCount;

    /// <summary>What happened in rentals before they were cancelled: terms by kind.</summary>
    public Dictionary<string, int> Terms { get; } = [];

    /// <summary>One rental, which is being renewed when the crowd comes, until somebody cancels it.</summary>
    public async Task ChangePrepaidAsync(int callerCount)
    {
        using Renter renter = await Renter.SignUpAsync(market.Replica);
        string rental = (await renter.RentAsync(market.Replica, await market.NextCombinationAsync(), quantity: 3)).RentalId!;
        await ActiveAsync(renter);
        await ActAsync(renter, 0, "setAutoRenew", new { rentalId = rental, maxPricePerHour = "1" });
        string sameKey = Guid.NewGuid().ToString();
        var wishes = new List<(string, object)>();
        for (int caller = 0; caller < callerCount; caller++)
        {
            string key = caller % 5 == 0 ? sameKey : $"{seed}-extend-{caller}-{Guid.NewGuid():N}";
            wishes.Add((caller % 10) switch
            {
                0 or 1 or 2 or 5 => (
                    "extendRental", new { rentalId = rental, term = new { hours = key == sameKey ? 2 : 1 + (caller % 3) }, idempotencyKey = key }),
                3 or 6 => ("setAutoRenew", new { rentalId = rental, maxPricePerHour = "1" }),
                4 => ("setAutoRenew", new { rentalId = rental, maxPricePerHour = (string?)null }),
                _ => ("cancelRental", new { rentalId = rental, idempotencyKey = $"{seed}-cancel-{caller}-{Guid.NewGuid():N}" }),
            });
        }

        Held renewal = await Held.CommitsAsync(market.Database, "INSERT", "rental_segments", "NEW.kind = 'Renewal'");
        await market.PassAsync(TimeSpan.FromMinutes(31)); // Half of the term is over.

        CrowdAnswer[] answers = await AllAsync([renter], wishes, "cancelRental", renewal);

        JsonElement ended = (await renter.At(market.Replica).RentalsAddUpAsync(deposited: 1_000))[rental];
        AssertTypes(answers, "extendRental", "RentalExtended", "RentalAlreadyEnded");
        AssertTypes(answers, "setAutoRenew", "AutoRenewSet", "RentalAlreadyEnded");
        AssertTypes(answers, "cancelRental", "RentalCancelled", "RentalAlreadyEnded");
        decimal extended = answers.Where(answer => answer.Type == "RentalExtended").DistinctBy(answer => answer.Key)
            .Sum(answer => answer.Answer.Dollars("charged"));
        Assert.Equal(extended, Paid(ended, "EXTENSION"));
        Assert.Equal(ended.Dollars("paid"), Paid(ended, "TERM") + Paid(ended, "EXTENSION") + Paid(ended, "RENEWAL"));
        Assert.True(extended > 0 && Paid(ended, "RENEWAL") > 0, "Nobody extended it before it was cancelled, or it was not renewed: the test shows nothing.");
        foreach (JsonElement segment in Segments(ended))
            Terms[segment.GetProperty("kind").GetString()!] = Terms.GetValueOrDefault(segment.GetProperty("kind").GetString()!) + 1;
        JsonElement cancelled = Assert.Single(answers, answer => answer.Type == "RentalCancelled").Answer;
        Assert.Equal(ended.Dollars("refunded"), cancelled.Dollars("refund") + Segments(ended).Where(IsReturned).Sum(segment => segment.Dollars("refunded")));
        Assert.Equal(ended.Dollars("paid") - Kept(ended), ended.Dollars("refunded"));
        await market.CheckAsync();
    }

    /// <summary>One metered rental whose next hour is being billed when the crowd comes, until somebody cancels it.</summary>
    public async Task ChangeMeteredAsync(int callerCount)
    {
        using Renter renter = await Renter.SignUpAsync(market.Replica);
        string rental = await renter.RentMeteredAsync(market.Replica, await market.NextCombinationAsync());
        await ActiveAsync(renter);
        var wishes = new List<(string, object)>();
        for (int caller = 0; caller < callerCount; caller++)
        {
            wishes.Add((caller % 10) switch
            {
                0 => ("extendRental", new { rentalId = rental, term = new { hours = 1 }, idempotencyKey = Guid.NewGuid().ToString() }),
                1 or 2 => ("cancelRental", new { rentalId = rental, idempotencyKey = Guid.NewGuid().ToString() }),
                3 => ("setSpendingLimit", new { rentalId = rental, limit = (string?)null }),
                _ => ("setSpendingLimit", new { rentalId = rental, limit = (1 + caller).ToString(CultureInfo.InvariantCulture) }),
            });
        }
        Held hour = await Held.CommitsAsync(market.Database, "INSERT", "ledger_entries", "NEW.kind = 'MeteredCharge'");
        DateTime now = await market.NowAsync();
        await market.PassAsync(now.Date.AddHours(now.Hour + 1) - now); // The next hour begins.

        CrowdAnswer[] answers = await AllAsync([renter], wishes, "cancelRental", hour);

        JsonElement ended = (await renter.At(market.Replica).RentalsAddUpAsync(deposited: 1_000))[rental];
        AssertTypes(answers, "extendRental", "RentalIsMetered", "RentalAlreadyEnded");
        AssertTypes(answers, "setSpendingLimit", "SpendingLimitSet", "RentalAlreadyEnded");
        AssertTypes(answers, "cancelRental", "RentalCancelled", "RentalAlreadyEnded");
        Assert.Equal([-ended.Dollars("pricePerHour")], (await renter.At(market.Replica).WalletAsync()).Entries["METERED_CHARGE"]);
        JsonElement cancelled = Assert.Single(answers, answer => answer.Type == "RentalCancelled").Answer;
        Assert.Equal(ended.Dollars("refunded"), cancelled.Dollars("refund"));
        Assert.Equal(ended.Dollars("paid") - Kept(ended), ended.Dollars("refunded"));
        await market.CheckAsync();
    }

    /// <summary>Everybody wants the same node, and then places machines on it.</summary>
    public async Task ShareNodeAsync(int callerCount)
    {
        Renter[] renters = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Renter.SignUpAsync(market.Replica)));
        string nodeId = (await Market.NodeAsync(market.Replica, await market.NextNodeAsync())).GetProperty("id").GetString()!;
        var wishes = Enumerable.Range(0, callerCount).Select(caller => (
            "rentNode", (object)new { nodeId, term = new { hours = 2 }, sshPublicKey = Renter.SshKey, idempotencyKey = Guid.NewGuid().ToString() })).ToList();

        CrowdAnswer[] answers = await AllAsync(renters, wishes, last: "", held: null);

        AssertTypes(answers, "rentNode", "NodeRented", "NodeAlreadyRented");
        string host = Assert.Single(answers, answer => answer.Type == "NodeRented").Answer.GetProperty("rental").GetProperty("id").GetString()!;
        Renter winner = renters[Array.FindIndex(answers, answer => answer.Type == "NodeRented") % renters.Length];

        string sameKey = Guid.NewGuid().ToString();
        wishes =
        [
            .. from caller in Enumerable.Range(0, callerCount)
               let isSame = caller % 10 == 0
               select ("placeMachine", (object)new
               {
                   rentalId = host,
                   slices = isSame ? 1 : 1 + (caller % 3),
                   idempotencyKey = isSame ? sameKey : Guid.NewGuid().ToString(),
               }),
        ];
        answers = await AllAsync([winner], wishes, last: "", held: null);

        AssertTypes(answers, "placeMachine", "MachinePlaced", "NodeFull");
        JsonElement[] placed = [.. answers.Where(answer => answer.Type == "MachinePlaced").Select(answer => answer.Answer.GetProperty("rental"))];
        int used = placed.DistinctBy(machine => machine.GetProperty("id").GetString()).Sum(machine => machine.GetProperty("sliceTotal").GetInt32());
        Assert.InRange(used, 1, FullMarket.SlicesOfANode);
        Assert.All(answers.Where(answer => answer.Type == "NodeFull"), answer => Assert.True(
            answer.Answer.GetProperty("requested").GetInt32() > FullMarket.SlicesOfANode - used, "A machine was refused that fits."));
        Assert.True( // None if the node was full before.
            answers.Where(answer => answer.Key == sameKey && answer.Type == "MachinePlaced")
                .Select(answer => answer.Answer.GetProperty("rental").GetProperty("id").GetString()).Distinct().Count() <= 1,
            "One key placed two machines.");
        await market.CheckAsync();
        await winner.CancelAsync(market.Replica, host);
        await Eventually.HoldsAsync(
            async () => await market.ScalarAsync<long>(
                "SELECT count(*) FROM machines JOIN rentals ON id = rental_id WHERE host_rental_id = $1 AND state <> 'Gone'", Books.Uuid(host)) == 0,
            "the machines are gone", TimeSpan.FromSeconds(60));
        foreach (Renter renter in renters)
        {
            await renter.At(market.Replica).RentalsAddUpAsync(deposited: 1_000);
            renter.Dispose();
        }
        await market.CheckAsync();
    }

    /// <summary>Returns the answers in the order of the wishes.</summary>
    /// <param name="renters">Who calls, in turn.</param>
    /// <param name="wishes">What they want.</param>
    /// <param name="last">Those who want this wait until half of the others are answered.</param>
    /// <param name="held">What a replica is about to commit when the crowd comes, and commits once some of the crowd wait for it.</param>
    private async Task<CrowdAnswer[]> AllAsync(Renter[] renters, List<(string Act, object Input)> wishes, string last, Held? held)
    {
        if (held is not null)
            await held.SomebodyWaitsAsync();
        int firstCount = wishes.Count(wish => wish.Act != last);
        int answered = 0;
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int[] order = [.. Enumerable.Range(0, wishes.Count)];
        random.Shuffle(order);
        var answers = new CrowdAnswer[wishes.Count];
        Task all = Task.WhenAll(order.Select(CallAsync));
        if (held is not null)
        {
            await Eventually.HoldsAsync(async () => await WaitingCountAsync() > 5, "some of the crowd wait");
            await held.DisposeAsync();
        }
        await all;
        return answers;

        async Task CallAsync(int caller)
        {
            (string act, object input) = wishes[caller];
            if (act == last)
                await half.Task;
            answers[caller] = await ActAsync(renters[caller % renters.Length], caller, act, input);
            if (act != last && Interlocked.Increment(ref answered) == firstCount / 2)
                half.TrySetResult();
        }
    }

    private Task<long> WaitingCountAsync() => market.ScalarAsync<long>(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");

    private async Task<CrowdAnswer> ActAsync(Renter renter, int caller, string act, object input)
    {
        string key = input.GetType().GetProperty("idempotencyKey")?.GetValue(input) as string ?? "";
        var mutation = new Mutation(act, input);
        JsonElement answer = await mutation.SendAsync(renter, () => caller % 2 == 0 ? market.Replica : other);
        Interlocked.Add(ref repeatCount, mutation.RepeatCount);
        return new CrowdAnswer(act, key, answer);
    }

    private Task ActiveAsync(Renter renter) =>
        Eventually.HoldsAsync(async () => (await renter.ActiveRentalsAsync(market.Replica)).Count == 1, "the rental is active");

    private static void AssertTypes(CrowdAnswer[] answers, string act, params string[] types) =>
        Assert.All(answers.Where(answer => answer.Act == act), answer => Assert.True(types.Contains(answer.Type), $"{act}: {answer.Answer.GetRawText()}"));

    private static JsonElement[] Segments(JsonElement rental) => [.. rental.GetProperty("segments").EnumerateArray()];

    private static bool IsReturned(JsonElement segment) => segment.GetProperty("isReturned").GetBoolean();

    private static decimal Paid(JsonElement rental, string kind) =>
        Segments(rental).Where(segment => segment.GetProperty("kind").GetString() == kind).Sum(segment => segment.Dollars("paid"));

    /// <summary>What a rental that its renter cancelled costs, by the rule in docs/renters.md: the used time, at least an hour, rounded down.</summary>
    private static decimal Kept(JsonElement rental)
    {
        DateTimeOffset at = rental.GetProperty("endedAt").GetDateTimeOffset();
        DateTimeOffset firstHour = rental.GetProperty("startsAt").GetDateTimeOffset().AddHours(1);
        decimal kept = 0;
        foreach (JsonElement segment in Segments(rental).Where(segment => !IsReturned(segment)))
        {
            DateTimeOffset from = segment.GetProperty("startsAt").GetDateTimeOffset(), to = segment.GetProperty("endsAt").GetDateTimeOffset();
            DateTimeOffset until = at < firstHour ? firstHour : at;
            decimal ticks = (until < to ? until : to).UtcTicks - from.UtcTicks;
            if (ticks > 0)
                kept += ticks == (to - from).Ticks
                    ? segment.Dollars("paid")
                    : decimal.Floor(segment.Dollars("pricePerHour") * 1_000_000 * ticks / TimeSpan.TicksPerHour) / 1_000_000;
        }
        return kept;
    }
}
