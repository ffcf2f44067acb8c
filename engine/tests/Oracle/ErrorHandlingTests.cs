using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.Tests.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Engine.Validation;
using Mycelium.Testing;
using Xunit.Abstractions;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>
/// Compares the three ways to handle errors with each other over generated documents; <see cref="ExecutionOracleTests"/> compares the first with
/// graphql-js.
/// </summary>
public sealed class ErrorHandlingTests(ITestOutputHelper output)
{
    private const int DocumentCount = 2_000;
    private const int Seed = 20261122;

    [Fact]
    public async Task Null_loses_nothing_and_halt_gives_one_of_its_errors()
    {
        string sdl = await GraphQLJs.ReadSchemaAsync();
        Schema schema = SchemaBuilder.FromSdl(sdl).Build();
        var engine = new TestEngine(sdl, builder => ExecutionWorld.Resolve(builder, schema), options => options.ErrorCountMax = 100_000);
        var random = new Random(Seed);
        var documents = new DocumentGenerator(schema, random);
        var variables = new VariablesGenerator(schema, random);
        int failedCount = 0;
        output.WriteLine($"seed {Seed}");
        for (int count = 0; count < DocumentCount;)
        {
            string text = documents.Generate();
            DocumentNode document = Parser.ParseDocument(text);
            OperationDefinitionNode[] operations = [.. document.Definitions.OfType<OperationDefinitionNode>()];
            if (operations is not [{ Operation: not OperationType.Subscription } only] || DocumentValidator.Validate(schema, document).Count > 0)
                continue;
            count++;
            GraphQLRequest request = engine.Request(text, variables.Generate(only).ToJsonString());

            (JsonObject propagated, string[] propagatedPaths) = await AnswerAsync(engine, request with { OnError = ErrorHandling.Propagate });
            (JsonObject kept, string[] keptPaths) = await AnswerAsync(engine, request with { OnError = ErrorHandling.Null });
            (JsonObject halted, string[] haltedPaths) = await AnswerAsync(engine, request with { OnError = ErrorHandling.Halt });

            Assert.True(propagatedPaths.All(keptPaths.Contains), text);
            Assert.True(IsPartOf(propagated["data"], kept["data"]), text);
            if (keptPaths.Length == 0 || !kept.ContainsKey("data"))
            {
                Assert.Equal(kept.ToJsonString(), halted.ToJsonString());
                continue;
            }
            failedCount++;
            Assert.NotNull(kept["data"]);
            Assert.True(haltedPaths is [var only1] && keptPaths.Contains(only1), text);
            Assert.True(halted.ContainsKey("data") && halted["data"] is null, text);
        }
        output.WriteLine($"{DocumentCount} requests, {failedCount} with errors");
        Assert.True(failedCount > DocumentCount / 10);
        Assert.Equal(0, engine.Buffers.RentedCount);
    }

    /// <summary>Whether the only differences are nulls.</summary>
    private static bool IsPartOf(JsonNode? part, JsonNode? whole) => (part, whole) switch
    {
        (null, _) => true,
        (JsonObject some, JsonObject all) => some.Count == all.Count && some.All(entry => all.ContainsKey(entry.Key) && IsPartOf(entry.Value, all[entry.Key])),
        (JsonArray some, JsonArray all) => some.Count == all.Count && some.Zip(all).All(pair => IsPartOf(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(part, whole),
    };

    private static async Task<(JsonObject Answer, string[] Paths)> AnswerAsync(TestEngine engine, GraphQLRequest request)
    {
        using var result = (OperationResult)await engine.Executor.ExecuteAsync(request);
        JsonObject answer = JsonNode.Parse(TestEngine.Text(result))!.AsObject();
        return (answer, [.. (answer["errors"]?.AsArray() ?? []).Select(error => error!["path"]?.ToJsonString() ?? "")]);
    }
}
