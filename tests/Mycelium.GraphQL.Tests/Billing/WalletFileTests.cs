using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Notifications;
using Mycelium.GraphQL.Tests.Rentals;
using Npgsql;

namespace Mycelium.GraphQL.Tests.Billing;

[Collection(ApiCollection.Name)]
public sealed class WalletFileTests(ApiHost host)
{
    private const string Names = "sequence,id,createdAt,kind,amount,balanceAfter,rentalId,message";

    [Fact]
    public async Task A_file_has_the_entries_of_its_days_byte_by_byte_and_says_how_many()
    {
        long node = await host.PublishAsync(pricePerSlice: 0.01m);
        Api renter = await host.RenterAsync(dollars: 10);
        string? rental = (await renter.RentAsync(host.Input(node))).GetProperty("id").GetString();
        JsonElement[] entries =
        [
            .. (await renter.DataAsync("{ me { wallet { entries(order: [{ sequence: ASC }]) { nodes { id createdAt } } } } }"))
                .GetProperty("me").GetProperty("wallet").GetProperty("entries").GetProperty("nodes").EnumerateArray(),
        ];

        using HttpResponseMessage response = await GetAsync(renter, from: Day(0), to: Day(1));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/csv; charset=utf-8; header=present", response.Content.Headers.ContentType?.ToString());
        Assert.Equal($"attachment; filename=\"wallet-{Day(0)}-{Day(1)}.csv\"", response.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("2", Assert.Single(response.Headers.GetValues("Row-Count")));
        Assert.Equal(
            Names + "\r\n"
            + $"1,{Cell(0, "id")},{Instant(0)},DEPOSIT,10.000000,10.000000,,10.000000 USD was deposited.\r\n"
            + $"2,{Cell(1, "id")},{Instant(1)},RENTAL_CHARGE,-0.240000,9.760000,{rental},0.240000 USD was paid for a rental.\r\n",
            Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync()));

        string Cell(int row, string name) => entries[row].GetProperty(name).GetString()!;

        string Instant(int row) => entries[row].GetProperty("createdAt").GetDateTimeOffset().UtcDateTime
            .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_long_file_comes_in_pieces_and_is_whole()
    {
        Api account = await host.RenterAsync(dollars: 0);
        await AddEntriesAsync((await ApiHost.AccountIdAsync(account)).Value, 2_500);

        using HttpResponseMessage response = await GetAsync(account, from: Day(0), to: Day(1));
        string[] lines = (await response.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("2500", Assert.Single(response.Headers.GetValues("Row-Count")));
        Assert.Equal(Names, lines[0]);
        Assert.Equal(Enumerable.Range(1, 2_500), lines.Skip(1).Select(line => int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture)));
        Assert.Equal("0.002500", lines[^1].Split(',')[5]);
    }

    [Fact]
    public async Task A_file_ends_before_its_end_and_another_accounts_entries_are_in_none()
    {
        Api account = await host.RenterAsync(dollars: 1), other = await host.RenterAsync(dollars: 0);

        Assert.Equal("0", await CountAsync(account, Day(-1), Day(0)));
        Assert.Equal("1", await CountAsync(account, Day(0), Day(1)));
        Assert.Equal("0", await CountAsync(account, Day(1), Day(2)));
        Assert.Equal("1", await CountAsync(account, $"{Day(0)}T00:00:00Z", $"{Day(1)}T01:00:00.5%2B01:00"));
        Assert.Equal("0", await CountAsync(other, Day(0), Day(1)));
    }

    [Theory]
    [InlineData("", 400, "BAD_USER_INPUT")]
    [InlineData("?from=2026-01-01", 400, "BAD_USER_INPUT")]
    [InlineData("?from=2026-01-01&to=2026-01-01", 400, "BAD_USER_INPUT")]
    [InlineData("?from=2026-01-02&to=2026-01-01", 400, "BAD_USER_INPUT")]
    [InlineData("?from=2026-02-30&to=2026-03-01", 400, "BAD_USER_INPUT")]
    [InlineData("?from=yesterday&to=today", 400, "BAD_USER_INPUT")]
    [InlineData("?from=2026-01-01&to=2027-01-03", 400, "LIMIT_EXCEEDED")]
    [InlineData("?from=2026-01-01&to=2027-01-02", 200, null)]
    public async Task A_time_that_is_none_or_too_long_is_refused_with_a_code(string query, int status, string? code)
    {
        Api account = await host.RenterAsync(dollars: 0);

        using HttpResponseMessage response = await account.GetAsync($"/wallet/entries.csv{query}");

        Assert.Equal(status, (int)response.StatusCode);
        if (code is not null)
            Assert.Equal(code, JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Nobody_gets_a_file_without_a_token_or_with_a_wrong_one()
    {
        using HttpResponseMessage anonymous = await GetAsync(host.Anyone, Day(0), Day(1));
        using HttpResponseMessage forged = await GetAsync(host.Client("not-a-token"), Day(0), Day(1));

        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal("Bearer", anonymous.Headers.WwwAuthenticate.ToString());
        Assert.Equal("UNAUTHENTICATED", JsonElement.Parse(await anonymous.Content.ReadAsStringAsync()).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
    }

    [Fact]
    public async Task Files_cost_points_like_lists_do()
    {
        await using Replica replica = host.StartReplica(("RateLimits:AccountPoints", "200"));
        replica.WaitUntilReady();
        Api account = host.Client((await host.RenterAsync(dollars: 1)).Token, replica.Address);

        using HttpResponseMessage first = await GetAsync(account, Day(0), Day(1)), second = await GetAsync(account, Day(0), Day(1));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
        JsonElement problem = JsonElement.Parse(await second.Content.ReadAsStringAsync());
        Assert.Equal("RATE_LIMITED", problem.GetProperty("code").GetString());
        Assert.InRange(second.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0, 1, 60);
    }

    private static Task<HttpResponseMessage> GetAsync(Api account, string from, string to) => account.GetAsync($"/wallet/entries.csv?from={from}&to={to}");

    private static async Task<string> CountAsync(Api account, string from, string to)
    {
        using HttpResponseMessage response = await GetAsync(account, from, to);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        string count = Assert.Single(response.Headers.GetValues("Row-Count"));
        string body = await response.Content.ReadAsStringAsync();
        Assert.Equal(count, (body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length - 1).ToString(CultureInfo.InvariantCulture));
        return count;
    }

    /// <summary>A day by its distance from today, in UTC: entries are of now.</summary>
    private static string Day(int fromToday) => TimeProvider.System.GetUtcNow().AddDays(fromToday).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Deposits of a micro-dollar each, written directly: by operators, thousands would take minutes.</summary>
    private async Task AddEntriesAsync(Guid account, int count)
    {
        await using NpgsqlConnection connection = await host.Database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("BEGIN"),
                new("SET LOCAL session_replication_role = replica"),
                new("INSERT INTO ledger_entries (id, kind) SELECT md5($1::text || number)::uuid, 'Deposit' FROM generate_series(1, $2) AS number")
                {
                    Parameters = { new() { Value = account }, new() { Value = count } },
                },
                new(
                    """
                    INSERT INTO ledger_postings (entry_id, account_id, amount, sequence, balance_after)
                    SELECT md5($1::text || number)::uuid, $1, 1, number, number FROM generate_series(1, $2) AS number
                    """)
                {
                    Parameters = { new() { Value = account }, new() { Value = count } },
                },
                new(
                    """
                    INSERT INTO ledger_postings (entry_id, account_id, amount)
                    SELECT md5($1::text || number)::uuid, '00000000-0000-0000-0000-000000000001', -1 FROM generate_series(1, $2) AS number
                    """)
                {
                    Parameters = { new() { Value = account }, new() { Value = count } },
                },
                new("COMMIT"),
            },
        };
        await batch.ExecuteNonQueryAsync();
    }
}
