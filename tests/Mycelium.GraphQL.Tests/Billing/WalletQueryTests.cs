using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Notifications;
using Mycelium.GraphQL.Tests.Rentals;

namespace Mycelium.GraphQL.Tests.Billing;

[Collection(ApiCollection.Name)]
public sealed class WalletQueryTests(ApiHost host)
{
    private const string Outlook = "balance committed available burnPerDay runsOutAt";

    [Fact]
    public async Task Entries_tell_what_came_and_what_left_newest_first_in_pages()
    {
        long node = await host.PublishAsync(pricePerSlice: 0.01m);
        Api renter = await host.RenterAsync(dollars: 10);
        string? kept = (await renter.RentAsync(host.Input(node))).GetProperty("id").GetString();
        string? cancelled = (await renter.RentAsync(host.Input(node, quantity: 2))).GetProperty("id").GetString();
        await renter.MutateAsync("cancelRental", new { rentalId = cancelled, idempotencyKey = host.NewKey() });

        JsonElement first = await WalletAsync(renter,
            "entries(first: 3) { totalCount pageInfo { endCursor } nodes { sequence kind amount balanceAfter rentalId rental { id } message } }");
        string? after = first.GetProperty("entries").GetProperty("pageInfo").GetProperty("endCursor").GetString();
        await host.DepositAsync(renter, 1); // A page stays right while entries are added.
        JsonElement second = await WalletAsync(renter, $"entries(first: 3, after: \"{after}\") {{ nodes {{ sequence kind amount balanceAfter }} }}");

        JsonElement[] rows = [.. Nodes(first), .. Nodes(second)];
        Assert.Equal(4, first.GetProperty("entries").GetProperty("totalCount").GetInt32());
        Assert.Equal([4L, 3L, 2L, 1L], rows.Select(row => row.GetProperty("sequence").GetInt64()));
        Assert.Equal(
            ["RENTAL_SETTLEMENT", "RENTAL_CHARGE", "RENTAL_CHARGE", "DEPOSIT"], rows.Select(row => row.GetProperty("kind").GetString()));
        Assert.Equal([-0.48m, -0.24m, 10m], rows.Skip(1).Select(Amount));
        Assert.Equal([9.28m, 9.76m, 10m], rows.Skip(1).Select(row => row.GetProperty("balanceAfter").GetDollars()));
        Assert.Equal([cancelled, cancelled, kept], rows.Take(3).Select(row => row.GetProperty("rentalId").GetString()));
        Assert.Equal([cancelled, cancelled, kept], rows.Take(3).Select(row => row.GetProperty("rental").GetProperty("id").GetString()));
        Assert.Equal("0.480000 USD was paid for a rental.", rows[1].GetProperty("message").GetString());
    }

    [Fact]
    public async Task Entries_are_filtered_by_kind_amount_instant_and_rental()
    {
        long node = await host.PublishAsync(pricePerSlice: 0.01m);
        Api renter = await host.RenterAsync(dollars: 10);
        string? one = (await renter.RentAsync(host.Input(node))).GetProperty("id").GetString();
        await renter.RentAsync(host.Input(node));
        string? charged = Nodes(await WalletAsync(renter, "entries(first: 1) { nodes { createdAt } }"))[0].GetProperty("createdAt").GetString();

        Assert.Equal([2], await SequencesAsync($"where: {{ rentalId: {{ eq: \"{one}\" }} }}"));
        Assert.Equal([1], await SequencesAsync("where: { rentalId: { eq: null } }"));
        Assert.Equal([3, 2], await SequencesAsync("where: { kind: { in: [RENTAL_CHARGE] } }"));
        Assert.Equal([1], await SequencesAsync("where: { amount: { gt: 0 } }"));
        Assert.Equal([2, 1], await SequencesAsync($"where: {{ createdAt: {{ lt: \"{charged}\" }} }}"));
        Assert.Equal([2, 3, 1], await SequencesAsync("order: [{ amount: ASC }]"));

        async Task<IEnumerable<int>> SequencesAsync(string arguments) =>
            Nodes(await WalletAsync(renter, $"entries({arguments}) {{ nodes {{ sequence }} }}")).Select(row => row.GetProperty("sequence").GetInt32());
    }

    [Fact]
    public async Task A_farmer_sees_what_a_month_earned_and_no_rental()
    {
        Api renter = await host.RenterAsync();
        string? rental = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString();
        await renter.MutateAsync("cancelRental", new { rentalId = rental, idempotencyKey = host.NewKey() }); // The first hour is earned.
        // A month that is over, as the pass settles it.
        await host.SqlAsync(
            """
            WITH entry AS (
                INSERT INTO ledger_entries (id, kind, subject_id, number) VALUES (gen_random_uuid(), 'EarningsSettlement', $1, 200001) RETURNING id)
            INSERT INTO ledger_postings (entry_id, account_id, amount)
            SELECT id, account_id, amount FROM entry, (VALUES (earnings_account($1), -1), ($1, 1)) AS posting (account_id, amount)
            """, (await ApiHost.AccountIdAsync(host.Farmer)).Value);

        JsonElement earned = Assert.Single(Nodes(await WalletAsync(
            host.Farmer, "entries(where: { kind: { eq: EARNINGS_SETTLEMENT } }) { nodes { amount rentalId rental { id } message } }")));

        Assert.EndsWith("was earned in a month that is over.", earned.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, earned.GetProperty("rental").ValueKind);
    }

    [Fact]
    public async Task The_outlook_follows_what_runs()
    {
        long node = await host.PublishAsync(pricePerSlice: 0.01m);
        Api renter = await host.RenterAsync(dollars: 10);

        JsonElement before = await WalletAsync(renter, Outlook);
        DateTimeOffset endsAt = (await renter.RentAsync(host.Input(node, quantity: 4))).GetProperty("endsAt").GetDateTimeOffset();
        JsonElement after = await WalletAsync(renter, Outlook);

        Assert.Equal((0m, JsonValueKind.Null), (before.GetProperty("burnPerDay").GetDollars(), before.GetProperty("runsOutAt").ValueKind));
        Assert.Equal(
            (9.04m, 0m, 9.04m, 0.96m),
            (after.GetProperty("balance").GetDollars(), after.GetProperty("committed").GetDollars(), after.GetProperty("available").GetDollars(),
                after.GetProperty("burnPerDay").GetDollars()));
        Assert.Equal(endsAt.AddHours(226), after.GetProperty("runsOutAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_statement_adds_up()
    {
        long node = await host.PublishAsync(pricePerSlice: 0.01m);
        Api renter = await host.RenterAsync(dollars: 10);
        await renter.RentAsync(host.Input(node));
        await renter.RentAsync(host.Input(node));
        string month = ((DateTime)(await host.ScalarAsync("SELECT market_now() AT TIME ZONE 'UTC'"))!).ToString("yyyy-MM", CultureInfo.InvariantCulture);

        JsonElement statement = (await WalletAsync(
            renter, $"statement(month: \"{month}\") {{ month from to openingBalance closingBalance lines {{ kind count amount }} }}")).GetProperty("statement");

        Assert.Equal(month, statement.GetProperty("month").GetString());
        Assert.Equal((0m, 9.52m), (statement.GetProperty("openingBalance").GetDollars(), statement.GetProperty("closingBalance").GetDollars()));
        Assert.Equal(
            [("DEPOSIT", 1, 10m), ("RENTAL_CHARGE", 2, -0.48m)],
            statement.GetProperty("lines").EnumerateArray()
                .Select(line => (line.GetProperty("kind").GetString()!, line.GetProperty("count").GetInt32(), Amount(line))));
        Assert.Equal("BAD_USER_INPUT", await renter.ErrorCodeAsync("{ me { wallet { statement(month: \"November\") { month } } } }"));
    }

    [Theory]
    [InlineData("committed")]
    [InlineData("available")]
    [InlineData("burnPerDay")]
    [InlineData("runsOutAt")]
    [InlineData("entries { nodes { amount } }")]
    [InlineData("statement(month: \"2026-11\") { closingBalance }")]
    public async Task An_operator_sees_the_balance_of_another_account_and_nothing_else(string field)
    {
        Api renter = await host.RenterAsync(dollars: 3);
        string? email = (await renter.DataAsync("{ me { email } }")).GetProperty("me").GetProperty("email").GetString();

        Assert.Equal("FORBIDDEN", await host.Operator.ErrorCodeAsync($"{{ account(email: \"{email}\") {{ wallet {{ {field} }} }} }}"));
        JsonElement seen = await host.Operator.DataAsync($"{{ account(email: \"{email}\") {{ wallet {{ balance }} }} }}");
        Assert.Equal(3m, seen.GetProperty("account").GetProperty("wallet").GetProperty("balance").GetDollars());
    }

    private static async Task<JsonElement> WalletAsync(Api account, string selection) =>
        (await account.DataAsync($"{{ me {{ wallet {{ {selection} }} }} }}")).GetProperty("me").GetProperty("wallet");

    private static JsonElement[] Nodes(JsonElement wallet) => [.. wallet.GetProperty("entries").GetProperty("nodes").EnumerateArray()];

    private static decimal Amount(JsonElement row) => row.GetProperty("amount").GetDollars();
}
