using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>What a grid reports that cannot be believed: a description is dropped; a state or capacity takes the node off the market.</summary>
public sealed class DoubtTests
{
    private const string State = "SELECT concat_ws(' ', status, is_sellable::text, (doubted_since IS NOT NULL)::text) FROM nodes WHERE id = 574";

    [Theory]
    [InlineData("location", """{"longitude":181,"latitude":51}""", "location.longitude")]
    [InlineData("updatedAt", "1761900000000", "updatedAt")]
    [InlineData("created", "1690000000000", "created")]
    [InlineData("uptime", "1328644.5", "uptime")]
    [InlineData("extraFee", "\"none\"", "extraFee")]
    [InlineData("gpus", "[null]", "gpus")]
    [InlineData("gpus", """[{"vendor":"AMD"}]""", "gpus")]
    [InlineData("healthy", "\"yes\"", "healthy")]
    [InlineData("serialNumber", "\"a\\u0007b\"", "serialNumber")]
    public async Task A_detail_that_cannot_be_believed_is_dropped_and_the_state_is_taken(string field, string text, string flawed)
    {
        await using SyncRig rig = await PublishedAsync();
        string details = await DetailsAsync(rig);
        rig.Faults.Add(new Fault { Node = 574, NodeStatus = "down", Set = new Dictionary<string, string> { [field] = text } });

        SyncReport report = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Complete, 0), (report.Outcome, report.RejectedCount));
        Assert.Equal("Down false false", await rig.ReadAsync<string>(State));
        Assert.Equal(details, await DetailsAsync(rig));
        Assert.Equal($"Node 574 {flawed}", await rig.ReadAsync<string>("SELECT concat_ws(' ', subject, grid_id, field) FROM grid_flaws"));

        rig.Faults.Clear();
        await rig.PassAsync();
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM grid_flaws"));
    }

    [Theory]
    [InlineData("total_resources", """{"cru":56,"sru":-1,"hru":0,"mru":202711719936}""")]
    [InlineData("total_resources", "null")]
    [InlineData("used_resources", "[]")]
    [InlineData("status", "\"asleep\"")]
    [InlineData("status", "7")]
    [InlineData("rented", "\"no\"")]
    [InlineData("rentedByTwinId", "-5")]
    [InlineData("farmId", "0")]
    [InlineData("farmId", "777")]
    public async Task A_state_or_capacity_that_cannot_be_believed_takes_the_node_off_the_market_until_it_can(string field, string text)
    {
        await using SyncRig rig = await PublishedAsync();
        string before = await rig.ReadAsync<string>(
            "SELECT (to_jsonb(nodes) - '{doubted_since, is_sellable, unavailability, version, sync_sequence}'::text[])::text FROM nodes WHERE id = 574");
        rig.Faults.Add(new Fault { Node = 574, Set = new Dictionary<string, string> { [field] = text } });

        await rig.PassAsync();

        Assert.Equal("Up false true", await rig.ReadAsync<string>(State));
        Assert.Equal(before, await rig.ReadAsync<string>(
            "SELECT (to_jsonb(nodes) - '{doubted_since, is_sellable, unavailability, version, sync_sequence}'::text[])::text FROM nodes WHERE id = 574"));
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT sum(quantity_available) FROM slice_combinations WHERE node_id = 574"));
        string written = await rig.FingerprintAsync();
        Assert.Equal((SyncOutcome.Complete, 0, 0), await OutcomeAsync(rig)); // It goes on, and writes nothing again.
        Assert.Equal(written, await rig.FingerprintAsync());

        rig.Faults.Clear();
        await rig.PassAsync();
        Assert.Equal("Up true false", await rig.ReadAsync<string>(State));
        Assert.Equal(1, await rig.ReadAsync<int>("SELECT quantity_available FROM slice_combinations WHERE node_id = 574 AND multiplier = 1"));
    }

    [Fact]
    public async Task A_new_node_whose_state_cannot_be_believed_is_stored_when_it_can()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        rig.Faults.Add(new Fault { Node = 574, Set = new Dictionary<string, string> { ["status"] = "null", ["city"] = "7" } });

        Assert.Equal((SyncOutcome.Complete, 65, 0), await OutcomeAsync(rig));
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM nodes WHERE id = 574"));

        rig.Faults.Clear();
        await rig.PassAsync();
        Assert.Equal("Up", await rig.ReadAsync<string>("SELECT status FROM nodes WHERE id = 574"));
    }

    [Fact]
    public async Task A_new_node_has_what_can_be_believed_of_it()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        rig.Faults.Add(new Fault
        {
            Node = 574,
            Set = new Dictionary<string, string> { ["updatedAt"] = "1761900000000", ["features"] = "{}", ["location"] = "7", ["certificationType"] = "[]" }
        });

        await rig.PassAsync();

        Assert.Equal(
            "Up Germany 1970-01-01 Diy {}",
            await rig.ReadAsync<string>("""
                SELECT concat_ws(' ', status, country, (last_report_at AT TIME ZONE 'UTC')::date, longitude, certification, features) FROM nodes WHERE id = 574
                """));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("17")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    public async Task A_record_that_cannot_be_read_stops_no_pass_and_its_node_is_not_seen(string raw)
    {
        await using SyncRig rig = await PublishedAsync();
        rig.Faults.Add(new Fault { Node = 5, NodeStatus = "standby" });
        rig.Faults.Add(new Fault { Node = 40, NodeStatus = "standby" });
        rig.Faults.Add(new Fault { Node = 20, Raw = raw });

        SyncReport report = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Complete, null, 1, 1), (report.Outcome, report.Reason, report.RejectedCount, report.MissedCount));
        Assert.Equal("Standby Standby", await rig.ReadAsync<string>("SELECT string_agg(status, ' ') FROM nodes WHERE id IN (5, 40)"));
        Assert.Null((await rig.StateAsync()).LastError);
    }

    [Fact]
    public async Task A_field_that_is_nested_a_thousand_deep_costs_its_record_nothing()
    {
        await using SyncRig rig = await PublishedAsync();
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 1_000)) + "1" + new string('}', 1_000);
        rig.Faults.Add(new Fault { Node = 574, NodeStatus = "standby", Set = new Dictionary<string, string> { ["cpu_benchmark"] = deep } });

        Assert.Equal((SyncOutcome.Complete, 1, 0), await OutcomeAsync(rig));
        Assert.StartsWith("Standby", await rig.ReadAsync<string>(State), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_records_that_cannot_be_read_make_no_pass_complete()
    {
        await using SyncRig rig = await PublishedAsync();
        for (int node = 20; node <= 31; node++)
            rig.Faults.Add(new Fault { Node = node, Raw = "null" });

        Assert.Equal((SyncOutcome.Incomplete, 0, 0), await OutcomeAsync(rig));
    }

    [Fact]
    public async Task A_node_that_is_listed_twice_keeps_no_pass_from_completing_and_sells_nothing_where_the_two_contradict_each_other()
    {
        await using SyncRig rig = await SyncRig.StartAsync(change: options => options.PageSize = 100);
        await rig.PassAsync();
        await rig.RentAsync(574, slices: 0);
        rig.Faults.Add(new Fault { Node = 574, Repeat = true, Set = new Dictionary<string, string> { ["status"] = "\"down\"" } });
        rig.Faults.Add(new Fault { Node = 30, Repeat = true });
        rig.Faults.Add(new Fault { Path = "/nodes", Count = 62 });

        SyncReport report = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Complete, null), (report.Outcome, report.Reason));
        Assert.Equal("Up false true", await rig.ReadAsync<string>(State));
        Assert.Equal("30 record|574 record", await rig.ReadAsync<string>(
            "SELECT string_agg(grid_id || ' ' || field, '|' ORDER BY grid_id) FROM grid_flaws WHERE reason = 'Duplicate'"));
        Assert.Equal(1, await rig.ReadAsync<int>("SELECT count(*) FROM nodes WHERE doubted_since IS NOT NULL"));
    }

    [Fact]
    public async Task Details_of_a_farm_that_cannot_be_believed_stay_and_an_owner_that_cannot_takes_its_nodes_off_the_market()
    {
        await using SyncRig rig = await PublishedAsync();
        rig.Faults.Add(new Fault
        {
            Farm = 1,
            Set = new Dictionary<string, string>
            {
                ["name"] = $"\"{new string('x', 300)}\"",
                ["publicIps"] = "[null]",
                ["certificationType"] = "7",
                ["dedicated"] = "\"no\"",
                ["stellarAddress"] = "[]"
            }
        });

        await rig.PassAsync();

        Assert.Equal("Up true false", await rig.ReadAsync<string>(State));
        Assert.Equal("Freefarm 18 Gold", await rig.ReadAsync<string>("SELECT concat_ws(' ', name, public_ip_count, certification) FROM farms WHERE id = 1"));
        Assert.Equal("certificationType,dedicated,name,publicIps,stellarAddress", await rig.ReadAsync<string>(
            "SELECT string_agg(field, ',' ORDER BY field) FROM grid_flaws WHERE subject = 'Farm' AND grid_id = 1"));

        rig.Faults.Add(new Fault { Farm = 1, Set = new Dictionary<string, string> { ["twinId"] = "\"2\"" } });
        await rig.PassAsync();
        Assert.Equal("Up false true", await rig.ReadAsync<string>(State));
        Assert.Equal(2, await rig.ReadAsync<int>("SELECT twin_id FROM farms WHERE id = 1"));

        rig.Faults.Clear();
        await rig.PassAsync();
        Assert.Equal("Up true false", await rig.ReadAsync<string>(State));
    }

    [Fact]
    public async Task A_country_of_an_unknown_name_is_listed_and_one_whose_name_was_learnt_since_gets_its_code()
    {
        await using SyncRig rig = await PublishedAsync();
        rig.Faults.Add(new Fault { Node = 574, Set = new Dictionary<string, string> { ["country"] = "\"Atlantis\"" } });
        rig.Faults.Add(new Fault { Node = 83, Set = new Dictionary<string, string> { ["country"] = "\" T\\u00fcrkiye \"" } });
        await rig.PassAsync();
        Assert.Equal("574 country UnknownCountry", await rig.ReadAsync<string>("SELECT concat_ws(' ', grid_id, field, reason) FROM grid_flaws"));
        Assert.Equal("Türkiye TR Asia", await rig.ReadAsync<string>("SELECT concat_ws(' ', country, country_code, region) FROM nodes WHERE id = 83"));
        // As an older release left it.
        await rig.RunAsync("""
            UPDATE nodes SET country_code = NULL, region = NULL, version = version + 1, sync_sequence = nextval('sync_sequence') WHERE id = 83
            """);

        SyncReport report = await rig.PassAsync();

        Assert.Equal(1, report.ChangedCount);
        Assert.Equal("Türkiye TR Asia", await rig.ReadAsync<string>("SELECT concat_ws(' ', country, country_code, region) FROM nodes WHERE id = 83"));
    }

    [Theory]
    [InlineData("rented", "true")]
    [InlineData("rentContractId", "12")]
    [InlineData("rentedByTwinId", "99")]
    [InlineData("inDedicatedFarm", "true")]
    [InlineData("extraFee", "1000")]
    public async Task A_node_that_the_grid_rents_out_as_a_whole_sells_no_slices(string field, string text)
    {
        await using SyncRig rig = await PublishedAsync();
        rig.Faults.Add(new Fault { Node = 574, Set = new Dictionary<string, string> { [field] = text } });

        await rig.PassAsync();

        Assert.Equal("Up false false", await rig.ReadAsync<string>(State));
        rig.Faults.Clear();
        await rig.PassAsync();
        Assert.Equal("Up true false", await rig.ReadAsync<string>(State));
    }

    [Fact]
    public async Task A_farm_that_becomes_dedicated_takes_its_nodes_with_it()
    {
        await using SyncRig rig = await PublishedAsync();
        rig.Faults.Add(new Fault { Farm = 1, Set = new Dictionary<string, string> { ["dedicated"] = "true" } });

        await rig.PassAsync();

        Assert.Equal("Up false false", await rig.ReadAsync<string>(State));
    }

    [Fact]
    public async Task Flaws_are_listed_up_to_a_limit()
    {
        await using SyncRig rig = await SyncRig.StartAsync(nodes: 1_200, change: options => options.PageSize = 500);
        rig.Faults.Add(new Fault { Path = "/nodes", Garbage = "negative" });

        for (int pass = 0; pass < 2; pass++)
            await rig.PassAsync();

        Assert.Equal(1_000, await rig.ReadAsync<int>("SELECT count(*) FROM grid_flaws"));
    }

    private static async Task<(SyncOutcome, int, int)> OutcomeAsync(SyncRig rig)
    {
        SyncReport report = await rig.PassAsync();
        return (report.Outcome, report.WrittenCount, report.MissedCount);
    }

    private static Task<string> DetailsAsync(SyncRig rig) => rig.ReadAsync<string>(
        """
        SELECT (to_jsonb(nodes) - '{status, is_sellable, unavailability, version, sync_sequence, capacity_as_of, uptime_percent}'::text[])::text
        FROM nodes WHERE id = 574
        """);

    /// <summary>Node 574, which has one slice, for rent.</summary>
    private static async Task<SyncRig> PublishedAsync()
    {
        SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        await rig.RentAsync(574, slices: 0);
        return rig;
    }
}
