using System.Text;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.GridStandIn;
using Mycelium.Infrastructure.Grid;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>Each field of a node's record with nonsense in it: only that field is lost.</summary>
public sealed class NodeReadingTests
{
    private static readonly GridMoment now = new(GridIdentity.Main, StandInOptions.DefaultNow, 7);

    private static readonly Dictionary<string, string> honest = new()
    {
        ["nodeId"] = "574",
        ["farmId"] = "1",
        ["twinId"] = "1574",
        ["country"] = "\"Germany\"",
        ["city"] = "\"Mainz\"",
        ["uptime"] = "1328644",
        ["created"] = "1690000000",
        ["updatedAt"] = "1761900000",
        ["total_resources"] = Resources(56),
        ["used_resources"] = Resources(35),
        ["location"] = """{"country":"Germany","city":"Mainz","longitude":8.6843,"latitude":50.1155}""",
        ["status"] = "\"up\"",
        ["certificationType"] = "\"Certified\"",
        ["inDedicatedFarm"] = "false",
        ["rented"] = "true",
        ["rentContractId"] = "9",
        ["rentedByTwinId"] = "77",
        ["serialNumber"] = "\"S1\"",
        ["num_gpu"] = "1",
        ["extraFee"] = "0",
        ["healthy"] = "true",
        ["speed"] = """{"upload":5e8,"download":4e8}""",
        ["gpus"] = """[{"id":"0000:0e","vendor":"AMD","device":"Navi 31"}]""",
        ["features"] = "[\"zmount\"]",
    };

    private static readonly string[] nonsense =
    [
        "-1", "-9223372036854775809", "1.5", "1e400", "99999999999999999999", "1761900000000", "true", "\"yes\"", "\"7\"", $"\"{new string('x', 300)}\"",
        $"\"{new string('y', 1 << 20)}\"",
        "\"a\\u0000b\"", "\"a\\nb\"", "\"\\ud800\"", "\"\u0007\"", "[]", "[null]", "{}", "[{}]", "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]",
        new string('[', 5_000) + new string(']', 5_000),
        "NaN", "Infinity", "nonsense", "", "1 2", $"[{string.Join(',', Enumerable.Repeat("\"feature\"", 65))}]",
        """[{"vendor":"AMD"}]""", """[{"id":7}]""", """{"cru":-1,"sru":1,"hru":1,"mru":1}""",
        """{"cru":1.5,"sru":1,"hru":1,"mru":1}""", """{"cru":"4","sru":1,"hru":1,"mru":1}""", """{"cru":4}""",
        """{"longitude":181,"latitude":91,"country":7,"city":[]}""",
        """{"upload":-1,"download":1e14}""",
    ];

    private static readonly Dictionary<string, NodeFacts> facts = new()
    {
        ["farmId"] = NodeFacts.Farm,
        ["twinId"] = NodeFacts.Twin,
        ["uptime"] = NodeFacts.Uptime,
        ["created"] = NodeFacts.Created,
        ["updatedAt"] = NodeFacts.LastReport,
        ["total_resources"] = NodeFacts.Total,
        ["used_resources"] = NodeFacts.Used,
        ["location"] = NodeFacts.Coordinates,
        ["status"] = NodeFacts.Status,
        ["certificationType"] = NodeFacts.Certification,
        ["inDedicatedFarm"] = NodeFacts.Dedication,
        ["rented"] = NodeFacts.GridRental,
        ["rentContractId"] = NodeFacts.GridRental,
        ["rentedByTwinId"] = NodeFacts.GridRental,
        ["serialNumber"] = NodeFacts.SerialNumber,
        ["extraFee"] = NodeFacts.Dedication,
        ["healthy"] = NodeFacts.Health,
        ["speed"] = NodeFacts.Upload | NodeFacts.Download,
        ["gpus"] = NodeFacts.Gpus,
        ["features"] = NodeFacts.Features,
        // It is elsewhere in the record too.
        ["country"] = NodeFacts.None,
        ["city"] = NodeFacts.None,
        ["num_gpu"] = NodeFacts.None,
    };

    public static TheoryData<string> Fields => [.. honest.Keys.Where(name => name != "nodeId")];

    [Theory]
    [MemberData(nameof(Fields))]
    public void Nonsense_in_a_field_loses_only_that_field(string field)
    {
        NodeObservation before = Read(honest, out _);
        GridNode stored = GridNode.Discover(before);
        int flawedCount = 0;

        foreach (string text in nonsense)
        {
            NodeObservation seen = Read(new(honest) { [field] = text }, out IReadOnlyList<FieldFlaw> flaws);

            string what = $"{field}: {text[..Math.Min(40, text.Length)]}";
            Assert.True((seen.Unread & ~facts[field]) == 0, $"{what}: {seen.Unread} is unread.");
            Assert.True(seen.Unread == NodeFacts.None || flaws.Count > 0, $"{what}: nothing is reported.");
            Assert.All(flaws, flaw => Assert.InRange(new FlawSeen(GridFlawSubject.Node, 574, flaw.Field, flaw.Reason, flaw.Value).Message.Length, 1, 512));
            Assert.DoesNotContain(flaws, flaw => flaw.Value.Any(char.IsControl));
            GridNode node = GridNode.Discover(before);
            node.Observe(seen with { SyncSequence = 8 });
            if (facts[field] != NodeFacts.None && seen.Unread == facts[field])
                AssertSame(stored, node, what);
            flawedCount += flaws.Count > 0 ? 1 : 0;
        }

        Assert.InRange(flawedCount, nonsense.Length / 2, nonsense.Length);
    }

    [Fact]
    public void A_thousand_fields_that_nobody_knows_cost_nothing()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 1_000)) + "1" + new string('}', 1_000);
        Dictionary<string, string> record = new(honest) { ["cpu_benchmark"] = deep, ["broken"] = "NaN" };
        for (int field = 0; field < 1_000; field++)
            record.Add($"field{field}", "\"\\ud800\"");

        NodeObservation seen = Read(record, out IReadOnlyList<FieldFlaw> flaws);

        Assert.Equal((NodeFacts.None, 0), (seen.Unread, flaws.Count));
    }

    [Theory]
    [InlineData("0", GridFlawReason.ImpossibleId)]
    [InlineData("-7", GridFlawReason.ImpossibleId)]
    [InlineData("4294967296", GridFlawReason.ImpossibleId)]
    [InlineData("\"574\"", GridFlawReason.WrongType)]
    [InlineData("null", GridFlawReason.Incomplete)]
    public void A_record_without_an_id_is_rejected(string id, GridFlawReason reason) =>
        Assert.Equal(reason, Assert.Throws<RejectedRecordException>(() => Read(new(honest) { ["nodeId"] = id }, out _)).Reason);

    [Theory]
    [InlineData("true", "0", "0", true, null)]
    [InlineData("false", "0", "77", true, 77L)]
    [InlineData("false", "5", "0", true, null)]
    [InlineData("null", "null", "null", false, null)]
    [InlineData("false", "0", "0", false, null)]
    public void A_node_is_rented_when_any_field_says_so(string rented, string contract, string twin, bool isRented, long? renter)
    {
        NodeObservation seen = Read(new(honest) { ["rented"] = rented, ["rentContractId"] = contract, ["rentedByTwinId"] = twin }, out _);

        Assert.Equal((isRented, renter, NodeFacts.None), (seen.IsRentedOnGrid, seen.RentedByTwinId, seen.Unread));
    }

    [Theory]
    [InlineData("0", 1, NodeFacts.None)]
    [InlineData("3", 3, NodeFacts.None)]
    [InlineData("null", 1, NodeFacts.None)]
    [InlineData("-1", 1, NodeFacts.None)]
    public void A_card_that_is_listed_is_counted(string count, int counted, NodeFacts unread)
    {
        NodeObservation seen = Read(new(honest) { ["num_gpu"] = count }, out _);

        Assert.Equal((counted, unread), (seen.GpuCount, seen.Unread));
    }

    [Theory]
    [InlineData("true", "0", true, NodeFacts.None)]
    [InlineData("false", "1000", true, NodeFacts.None)]
    [InlineData("false", "0", false, NodeFacts.None)]
    [InlineData("true", "\"much\"", true, NodeFacts.None)]
    [InlineData("false", "\"much\"", false, NodeFacts.Dedication)]
    [InlineData("\"no\"", "0", false, NodeFacts.Dedication)]
    public void A_node_is_dedicated_when_either_field_says_so(string inFarm, string fee, bool isDedicated, NodeFacts unread)
    {
        NodeObservation seen = Read(new(honest) { ["inDedicatedFarm"] = inFarm, ["extraFee"] = fee }, out _);

        Assert.Equal((isDedicated, unread), (seen.IsDedicated, seen.Unread));
    }

    private static NodeObservation Read(Dictionary<string, string> fields, out IReadOnlyList<FieldFlaw> flaws)
    {
        string text = $"{{{string.Join(',', fields.Select(field => $"\"{field.Key}\":{field.Value}"))}}}";
        var record = new RawRecord(JsonCut.Fields(Encoding.UTF8.GetBytes(text), NodeReading.Names)!);
        NodeObservation seen = NodeReading.Read(record, now);
        flaws = record.Flaws;
        return seen;
    }

    private static void AssertSame(GridNode stored, GridNode node, string what)
    {
        foreach (var property in typeof(GridNode).GetProperties().Where(property => property.Name is not ("Version" or "SyncSequence" or "DoubtedSince")))
            Assert.True(Equals(property.GetValue(stored), property.GetValue(node)) || property.PropertyType != typeof(string)
                && property.GetValue(node) is System.Collections.IEnumerable, $"{what} changes {property.Name}.");
    }

    private static string Resources(int cores) => $$"""{"cru":{{cores}},"sru":2000409772032,"hru":144001663500288,"mru":202711719936}""";
}
