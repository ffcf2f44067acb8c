using System.Text.Json.Nodes;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>
/// What a client makes of a response in parts. It throws on any violation of the protocol: an id that is unknown, used twice or completed twice, data
/// for a place that does not exist, a result after the last, something never completed.
/// </summary>
internal sealed class Reassembly
{
    private readonly Dictionary<string, (string[] Path, string Name)> pending = [];
    private readonly HashSet<string> usedIds = [];
    private readonly Dictionary<string, List<string>> items = [];
    private readonly List<string> errors = [];
    private readonly List<string> events = [];
    private readonly List<string> parts = [];
    private JsonNode? data;
    private bool hasNext;

    /// <summary>The response once it is complete.</summary>
    public JsonNode? Data => data;

    /// <summary>
    /// What happened, independent of order and of the split into results: everything announced, each object delivered where it belongs, each list's
    /// items, each end.
    /// </summary>
    public string Summary => string.Join('\n',
        events.Concat(parts).Concat(items.Select(list => $"items {list.Key}: {string.Join(',', list.Value)}")).Order(StringComparer.Ordinal)
            .Append("errors " + string.Join(' ', errors.Order(StringComparer.Ordinal))));

    /// <summary>The same without what was announced: who delivers what several select depends on who is first.</summary>
    public string Delivered => string.Join('\n', Summary.Split('\n').Except(events));

    public int Announced => usedIds.Count;

    public static Reassembly Of(IEnumerable<string> results)
    {
        var made = new Reassembly();
        bool isFirst = true;
        foreach (string text in results)
        {
            JsonObject result = JsonNode.Parse(text)!.AsObject();
            if (isFirst)
                made.Begin(result);
            else
                made.Add(result);
            isFirst = false;
        }
        Check(!made.hasNext && made.pending.Count == 0, "the answer is not complete");
        return made;
    }

    private void Begin(JsonObject result)
    {
        data = result["data"]?.DeepClone();
        AddErrors(result["errors"]);
        hasNext = result["hasNext"]?.GetValue<bool>() ?? false;
        Check(hasNext == result.ContainsKey("pending"), "a first result has hasNext and pending, or neither");
        parts.Add("first " + result["data"]?.ToJsonString());
        Announce(result["pending"]);
    }

    private void Add(JsonObject result)
    {
        Check(hasNext, "a result after the last one");
        hasNext = result["hasNext"]!.GetValue<bool>();
        Announce(result["pending"]);
        foreach (JsonNode? part in result["incremental"]?.AsArray() ?? [])
            Deliver(part!.AsObject());
        foreach (JsonNode? completed in result["completed"]?.AsArray() ?? [])
            Complete(completed!.AsObject());
        Check(hasNext == pending.Count > 0, "hasNext tells whether something is pending");
    }

    private void Announce(JsonNode? notices)
    {
        foreach (JsonNode? notice in notices?.AsArray() ?? [])
        {
            string id = notice!["id"]!.GetValue<string>();
            Check(usedIds.Add(id), "an id is used twice");
            string[] path = [.. notice["path"]!.AsArray().Select(segment => segment!.ToJsonString())];
            string name = $"{string.Join('.', path)} {notice["label"]?.GetValue<string>()}";
            pending.Add(id, (path, name));
            events.Add("pending " + name);
        }
    }

    private void Deliver(JsonObject part)
    {
        Check(pending.TryGetValue(part["id"]!.GetValue<string>(), out (string[] Path, string Name) target), "data for an id that is not pending");
        string[] path = [.. target.Path, .. (part["subPath"]?.AsArray() ?? []).Select(segment => segment!.ToJsonString())];
        JsonNode? place = data;
        foreach (string segment in path)
        {
            place = place is JsonArray list
                ? list[int.Parse(segment, System.Globalization.CultureInfo.InvariantCulture)]
                : place![JsonNode.Parse(segment)!.GetValue<string>()];
            Check(place is not null, "data for a place that is not there");
        }
        AddErrors(part["errors"]);
        if (part["items"] is JsonArray more)
        {
            if (!items.TryGetValue(target.Name, out List<string>? known))
                items.Add(target.Name, known = []);
            foreach (JsonNode? item in more)
            {
                known.Add(item?.ToJsonString() ?? "null");
                place!.AsArray().Add(item?.DeepClone());
            }
            return;
        }
        parts.Add($"data {string.Join('.', path)} {part["data"]!.ToJsonString()}");
        Merge(place!.AsObject(), part["data"]!.AsObject());
    }

    private void Complete(JsonObject completed)
    {
        Check(pending.Remove(completed["id"]!.GetValue<string>(), out (string[] Path, string Name) target), "an id is completed that is not pending");
        events.Add($"completed {target.Name} {string.Join(' ', PathsOf(completed["errors"]))}");
    }

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach ((string name, JsonNode? value) in from)
        {
            Check(!into.ContainsKey(name), $"the field {name} is delivered twice");
            into[name] = value?.DeepClone();
        }
    }

    private void AddErrors(JsonNode? more) => errors.AddRange(PathsOf(more));

    private static IEnumerable<string> PathsOf(JsonNode? errors) => (errors?.AsArray() ?? []).Select(error => error!["path"]?.ToJsonString() ?? "null");

    private static void Check(bool isKept, string broken) => Assert.True(isKept, broken);
}
