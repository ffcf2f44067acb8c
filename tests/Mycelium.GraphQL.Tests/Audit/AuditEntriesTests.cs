using System.Reflection;
using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Payouts;
using Mycelium.GraphQL.Tests.Rentals;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Audit;

/// <summary>Privileged actions can be reviewed afterwards.</summary>
[Collection(ApiCollection.Name)]
public sealed class AuditEntriesTests(ApiHost host)
{
    private const string Query =
        """
        query($where: AuditEntryFilterInput) {
          auditEntries(where: $where, order: [{ id: ASC }], first: 100) { nodes { id actedAt actor actorId action subject subjectId accountId before after } }
        }
        """;

    private static long lastFarm = 940_000;

    /// <summary>
    /// Every operator mutation with its input and the action of its audit entry. A mutation that is missing here fails the test below.
    /// </summary>
    private static readonly Dictionary<string, (string Action, Func<ApiHost, string, Task<object>> Input)> privileged = new()
    {
        ["depositFunds"] = (
            "FUNDS_DEPOSITED",
            (host, account) => Task.FromResult<object>(new { accountId = account, amount = 2, idempotencyKey = host.NewKey() })),
        ["grantPartner"] = ("PARTNER_GRANTED", (_, account) => Task.FromResult<object>(new { accountId = account })),
        ["revokePartner"] = ("PARTNER_REVOKED", PartnerAsync),
        ["linkFarmerTwin"] = ("FARMER_TWIN_LINKED", async (host, account) => new { twinId = await TwinAsync(host), accountId = account }),
        ["unlinkFarmerTwin"] = ("FARMER_TWIN_UNLINKED", LinkedTwinAsync),
        ["confirmGridShrink"] = ("GRID_SHRINK_CONFIRMED", ShrunkGridAsync),
        ["endRental"] = ("RENTAL_ENDED", RentedAsync),
        ["approveWithdrawal"] = ("WITHDRAWAL_APPROVED", async (host, account) => new { withdrawalId = await WithdrawalAsync(host, account) }),
        ["refuseWithdrawal"] = ("WITHDRAWAL_REFUSED", async (host, account) => new { withdrawalId = await WithdrawalAsync(host, account), reason = "No." }),
    };

    public static TheoryData<string> OperatorMutations =>
    [
        .. from type in typeof(SchemaSetup).Assembly.GetTypes()
           where type.GetCustomAttribute<MutationTypeAttribute>() is not null
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
           where method.GetCustomAttributes<AuthorizeAttribute>().Concat(type.GetCustomAttributes<AuthorizeAttribute>())
               .Any(rule => rule.Roles?.Contains(Roles.Operator) is true)
           select method.GetCustomAttribute<GraphQLNameAttribute>()?.Name ?? method.Name,
    ];

    [Theory]
    [MemberData(nameof(OperatorMutations))]
    public async Task Every_operator_mutation_writes_one_entry_with_who_did_what_to_whom(string mutation)
    {
        Assert.True(privileged.ContainsKey(mutation), $"{mutation} is for operators: make it write an audit entry, and add it to this test.");
        Api subject = await host.RenterAsync(dollars: mutation == "endRental" ? 10 : 0);
        string account = await ApiHost.GlobalIdAsync(subject);
        if (mutation == "endRental")
            await subject.RentAsync(host.Input(await host.PublishAsync()));
        object input = await privileged[mutation].Input(host, account);
        long last = await LastIdAsync();

        await host.Operator.MutateAsync(mutation, input);
        await host.Operator.MutateAsync(mutation, input); // Repeats the request, which changes nothing.

        JsonElement entry = Assert.Single(await EntriesAsync(new { id = new { gt = last } }));
        Assert.Equal(
            ("ACCOUNT", await ApiHost.GlobalIdAsync(host.Operator), privileged[mutation].Action),
            (entry.GetProperty("actor").GetString(), entry.GetProperty("actorId").GetString(), entry.GetProperty("action").GetString()));
        Assert.Equal(mutation == "confirmGridShrink" ? null : account, entry.GetProperty("accountId").GetString());
        Assert.True(entry.GetProperty("before").ValueKind == JsonValueKind.Object || entry.GetProperty("after").ValueKind == JsonValueKind.Object);
        Assert.DoesNotContain("@", entry.GetRawText(), StringComparison.Ordinal);
        if (mutation == "confirmGridShrink")
            await host.SqlAsync(
                """
                UPDATE grid_syncs SET shrink_known_count = NULL, shrink_remaining_count = NULL, shrink_since = NULL,
                    shrink_confirmed_count = NULL, shrink_confirmed_by = NULL
                """);
    }

    [Fact]
    public void The_test_data_covers_every_operator_mutation() =>
        Assert.Equal(privileged.Keys.Order(), ((IEnumerable<object[]>)OperatorMutations).Select(row => (string)row[0]).Order());

    [Fact]
    public async Task An_operator_filters_entries_and_reads_the_state_before_and_after()
    {
        Api renter = await host.RenterAsync(dollars: 3);
        string account = await ApiHost.GlobalIdAsync(renter);

        JsonElement entry = Assert.Single(await EntriesAsync(new { accountId = new { eq = account }, action = new { eq = "FUNDS_DEPOSITED" } }));

        Assert.Equal(0, entry.GetProperty("before").GetProperty("balance_micro_usd").GetInt64());
        JsonElement after = entry.GetProperty("after");
        Assert.Equal((3_000_000, 3_000_000), (after.GetProperty("balance_micro_usd").GetInt64(), after.GetProperty("amount_micro_usd").GetInt64()));
    }

    [Fact]
    public async Task Only_operators_read_audit_entries()
    {
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.ErrorCodeAsync("{ auditEntries { nodes { id } } }"));
        Assert.Equal("FORBIDDEN", await host.Farmer.ErrorCodeAsync("{ auditEntries { nodes { id } } }"));
    }

    private static async Task<string> WithdrawalAsync(ApiHost host, string account)
    {
        GlobalId.TryDecode(account, out _, out string id);
        return await host.RequestedWithdrawalAsync(Guid.Parse(id));
    }

    private static async Task<object> PartnerAsync(ApiHost host, string account)
    {
        await host.Operator.MutateAsync("grantPartner", new { accountId = account });
        return new { accountId = account };
    }

    private static async Task<object> LinkedTwinAsync(ApiHost host, string account)
    {
        long twinId = await TwinAsync(host);
        await host.Operator.MutateAsync("linkFarmerTwin", new { twinId, accountId = account });
        return new { twinId };
    }

    private static async Task<object> ShrunkGridAsync(ApiHost host, string account)
    {
        await host.SqlAsync(
            """
            UPDATE grid_syncs SET shrink_known_count = 20, shrink_remaining_count = 3, shrink_since = market_now(),
                shrink_confirmed_count = NULL, shrink_confirmed_by = NULL
            WHERE grid_number = (SELECT number FROM grids WHERE name = 'test')
            """);
        return new { grid = "test", remainingCount = 3 };
    }

    /// <summary>The rental that the account has.</summary>
    private static async Task<object> RentedAsync(ApiHost host, string account)
    {
        Assert.True(GlobalId.TryDecode(account, out _, out string renter));
        var rental = (Guid)(await host.ScalarAsync("SELECT id FROM rentals WHERE renter_id = $1", Guid.Parse(renter)))!;
        return new { rentalId = GlobalId.Encode("Rental", rental), reason = "The machine will not come back." };
    }

    private static async Task<long> TwinAsync(ApiHost host)
    {
        long twin = Interlocked.Increment(ref lastFarm);
        await host.AddFarmAsync("main", twin, twin);
        return twin;
    }

    private async Task<long> LastIdAsync() =>
        (await host.Operator.DataAsync("{ auditEntries(order: [{ id: DESC }], first: 1) { nodes { id } } }"))
            .GetProperty("auditEntries").GetProperty("nodes")[0].GetProperty("id").GetInt64();

    private async Task<JsonElement[]> EntriesAsync(object where) =>
        [.. (await host.Operator.DataAsync(Query, new { where })).GetProperty("auditEntries").GetProperty("nodes").EnumerateArray()];
}
