using System.Text.Json;
using System.Text.Json.Nodes;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Reading;

/// <summary>Random queries of one list, generated from its arguments in the schema. Operands come from its rows, so that edge cases occur.</summary>
internal sealed class ListQueries
{
    private const int Depth = 2;
    private readonly Random random;
    private readonly string field;
    private readonly string type;
    private readonly Dictionary<string, Dictionary<string, string>> inputs;
    private readonly Dictionary<string, List<JsonNode>> values = [];
    private string? cursor;
    private JsonArray cursorOrder = [];

    private ListQueries(Random random, string field, string type, Dictionary<string, Dictionary<string, string>> inputs)
    {
        (this.random, this.field, this.type, this.inputs) = (random, field, type, inputs);
    }

    public static async Task<ListQueries> OfAsync(Random random, Api api, string field, string type)
    {
        JsonElement schema = await api.DataAsync(
            "{ __schema { types { name inputFields { name type { name kind ofType { name ofType { name ofType { name } } } } } } } }");
        var inputs = schema.GetProperty("__schema").GetProperty("types").EnumerateArray()
            .Where(found => found.GetProperty("inputFields").ValueKind == JsonValueKind.Array)
            .ToDictionary(found => found.GetProperty("name").GetString()!, found => found.GetProperty("inputFields").EnumerateArray()
                .ToDictionary(input => input.GetProperty("name").GetString()!, input => Named(input.GetProperty("type"))));
        var queries = new ListQueries(random, field, type, inputs);
        queries.Learn(await api.SendAsync(queries.Query(hasTotalCount: false), new { first = 100 }));
        return queries;
    }

    public (string Query, JsonObject Variables) Next()
    {
        bool continues = cursor is not null && random.Next(3) == 0;
        JsonArray order = continues ? cursorOrder : [.. Enumerable.Range(0, random.Next(3)).Select(_ => Key($"{type}SortInput")).OfType<JsonObject>()];
        cursorOrder = (JsonArray)order.DeepClone();
        bool isBackward = random.Next(3) == 0;
        var variables = new JsonObject
        {
            [isBackward ? "last" : "first"] = random.Next(1, 12),
            ["order"] = order.DeepClone(),
            ["where"] = random.Next(5) == 0 ? null : Where($"{type}FilterInput", Depth, []),
        };
        if (continues)
            variables[isBackward ? "before" : "after"] = cursor;
        return (Query(random.Next(2) == 0), variables);
    }

    /// <summary>Collects operands, and a cursor to continue from, from a response.</summary>
    public void Learn(JsonElement answer)
    {
        JsonElement page = answer.GetProperty("data").GetProperty("page");
        foreach (JsonElement edge in page.GetProperty("edges").EnumerateArray())
            Learn(edge.GetProperty("node"), "");
        cursor = page.GetProperty("pageInfo").GetProperty("endCursor").GetString();
    }

    private string Query(bool hasTotalCount) =>
        $$"""
        query($where: {{type}}FilterInput, $order: [{{type}}SortInput!], $first: Int, $after: String, $last: Int, $before: String) {
          page: {{field}}(where: $where, order: $order, first: $first, after: $after, last: $last, before: $before) {
            {{(hasTotalCount ? "totalCount" : "")}} pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            edges { cursor node { {{Selection($"{type}FilterInput", 2)}} } }
          }
        }
        """;

    /// <summary>Selects every field of the filter, and nested objects to a depth.</summary>
    private string Selection(string input, int depth) =>
        string.Join(' ', inputs[input].Where(given => given.Key is not ("and" or "or" or "not")).Select(given =>
        IsObject(given.Value) ? depth > 0 ? $"{given.Key} {{ {Selection(given.Value, depth - 1)} }}" : ""
        : given.Value.StartsWith("ListFilter", StringComparison.Ordinal) ? "" : given.Key));

    private JsonObject Where(string input, int depth, string[] path) => random.Next(depth > 0 ? 6 : 3) switch
    {
        < 3 => Condition(input, path),
        3 => new() { ["and"] = Several(input, depth, path) },
        4 => new() { ["or"] = Several(input, depth, path) },
        _ => new() { ["not"] = Where(input, depth - 1, path) },
    };

    private JsonArray Several(string input, int depth, string[] path) => [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => Where(input, depth - 1, path))];

    private JsonObject Condition(string input, string[] path)
    {
        (string name, string filter) = One(
            inputs[input].Where(given => given.Key is not ("and" or "or" or "not")).Select(given => (given.Key, given.Value)).ToArray());
        string[] below = [.. path, name];
        JsonNode condition = IsObject(filter) ? Condition(filter, below)
            : inputs[filter].ContainsKey("some") ? List(filter, below)
            : Operation(filter, below);
        return new() { [name] = condition };
    }

    private JsonObject List(string filter, string[] path) => random.Next(2) == 0
        ? new() { ["any"] = random.Next(2) == 0 }
        : new() { [One(["all", "none", "some"])] = Operation(inputs[filter]["some"], path) };

    private JsonObject Operation(string filter, string[] path)
    {
        string name = One(inputs[filter].Keys.Where(known => known is not ("and" or "or")).ToArray());
        List<JsonNode> known = values.GetValueOrDefault(string.Join('.', path)) ?? [];
        if (known.Count == 0)
            return inputs[filter].ContainsKey("eq") ? new() { ["eq"] = null } : [];
        JsonNode operand = One([.. known]).DeepClone();
        return new()
        {
            [name] = name switch
            {
                "in" or "nin" => new JsonArray(
                    operand,
                    random.Next(3) == 0
                        && inputs[filter]["in"] is not ("NodeStatus" or "NodeCertification" or "FarmCertification" or "Region" or "NodeUnavailability")
                        ? null
                        : One([.. known]).DeepClone()),
                "eq" or "neq" when random.Next(6) == 0 => null,
                _ when name.Contains("ontains", StringComparison.Ordinal) || name.Contains("With", StringComparison.Ordinal) => Part((string)operand!),
                _ => operand,
            }
        };
    }

    /// <summary>Returns a part of a text, sometimes with characters that are special in patterns.</summary>
    private string Part(string text)
    {
        int start = random.Next(text.Length + 1);
        string part = text[start..random.Next(start, text.Length + 1)];
        return random.Next(6) switch { 0 => part.ToUpperInvariant(), 1 => $"{part}%", 2 => $"_{part}", 3 => @"\" + part, _ => part };
    }

    private JsonObject? Key(string input)
    {
        if (!inputs.TryGetValue(input, out Dictionary<string, string>? fields))
            return null;
        (string name, string below) = One(fields.Select(known => (known.Key, known.Value)).ToArray());
        return new() { [name] = below == "SortEnumType" ? One(["ASC", "DESC"]) : Key(below) };
    }

    private bool IsObject(string input) => inputs.TryGetValue(input, out Dictionary<string, string>? fields) && fields.ContainsKey("not");

    private void Learn(JsonElement row, string path)
    {
        foreach (JsonProperty property in row.EnumerateObject())
        {
            string at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (property.Value.ValueKind == JsonValueKind.Object)
                Learn(property.Value, at);
            else if (property.Value.ValueKind == JsonValueKind.Array)
                values.TryAdd(at, [.. property.Value.EnumerateArray().Select(item => JsonNode.Parse(item.GetRawText())!)]);
            else if (property.Value.ValueKind != JsonValueKind.Null
                && (values.TryGetValue(at, out List<JsonNode>? known) ? known : values[at] = []) is { Count: < 200 } list)
                list.Add(JsonNode.Parse(property.Value.GetRawText())!);
        }
    }

    private static string Named(JsonElement reference) => reference.GetProperty("name").GetString() ?? Named(reference.GetProperty("ofType"));

    private T One<T>(T[] from) => from[random.Next(from.Length)];
}
