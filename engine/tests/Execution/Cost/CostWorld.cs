using System.Text.Json;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>A schema in which weights, lists, interfaces and unions meet.</summary>
internal static class CostWorld
{
    public const string Sdl = CostDirectives.Sdl + """

        type Query {
          self: Query
          one: Thing @cost(weight: "10")
          things(first: Int, last: Int, where: Where @cost(weight: "10")): [Thing!]!
            @listSize(assumedSize: 50, slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
          exactly(count: Int): [Thing] @listSize(slicingArguments: ["count"])
          page(first: Int, last: Int): Page @cost(weight: "10")
            @listSize(assumedSize: 100, slicingArguments: ["first", "last"], slicingArgumentDefaultValue: 20,
              sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)
          byIds(ids: [ID!]!): [Named] @listSize(slicingArguments: ["ids"])
          named: [Named!]! @listSize(assumedSize: 3)
          either: Either
          text: String
          save(input: Where!): String
        }
        type Page { edges: [Edge] nodes: [Thing] total: Int @cost(weight: "5") }
        type Edge { node: Thing cursor: String }
        interface Named { name: String named: [Named] @listSize(assumedSize: 2) }
        type Thing implements Named {
          name: String
          named: [Named] @listSize(assumedSize: 2)
          things(first: Int = 4): [Thing] @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
          other: Other
          shade: Shade
        }
        type Other implements Named @cost(weight: "3") { name: String named: [Named] @listSize(assumedSize: 2) @cost(weight: "7") thing: Thing either: Either }
        union Either = Thing | Other
        enum Shade @cost(weight: "0.5") { LIGHT DARK }
        input Where { and: [Where!] eq: String @cost(weight: "10") contains: String @cost(weight: "20") nested: Where plain: Int }
        type Subscription { changes: Thing @cost(weight: "2") }
        """;

    public static TestEngine Engine(Action<CostOptions>? configure = null, ICostLimits? limits = null) => new(
        Sdl,
        builder => builder.ResolvePure("Query.text", _ => "t").ResolvePure("Query.self", parent => parent).ResolvePure("Query.one", _ => null)
            .Subscribe("Subscription.changes", _ => new(Enumerable.Range(0, 2).Select(_ => (object)new Dictionary<string, object?>()).ToAsyncEnumerable())),
        options =>
        {
            options.Cost.MaxFieldCost = options.Cost.MaxTypeCost = double.PositiveInfinity;
            configure?.Invoke(options.Cost);
        },
        costLimits: limits);

    /// <summary>The cost that the engine reports for a document.</summary>
    public static async Task<OperationCost> CostAsync(this TestEngine engine, string query, string? variables = null)
    {
        using var result = (Response.OperationResult)await engine.Executor.ExecuteAsync(engine.Request(query, variables) with { Cost = CostMode.Validate });
        using var answer = JsonDocument.Parse(TestEngine.Text(result));
        if (!answer.RootElement.TryGetProperty("extensions", out JsonElement extensions))
            throw new InvalidOperationException(answer.RootElement.GetRawText());
        JsonElement cost = extensions.GetProperty("operationCost");
        return new OperationCost(cost.GetProperty("fieldCost").GetDouble(), cost.GetProperty("typeCost").GetDouble());
    }
}
