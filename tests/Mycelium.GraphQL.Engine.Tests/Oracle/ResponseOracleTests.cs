using System.Text.Json;
using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Tests.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Engine.Validation;
using Mycelium.Testing;
using Xunit.Abstractions;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>Execution held against graphql-js: the same document and variables over the same <see cref="World"/> give the same answer.</summary>
public sealed class ResponseOracleTests(ITestOutputHelper output)
{
    private const int Documents = 6_000;
    private const int Seed = 20261121;

    [Fact]
    public async Task Documents_execute_as_with_graphql_js()
    {
        string sdl = await File.ReadAllTextAsync(RepositoryRoot.Combine("tests", "oracle", "schema.graphql"));
        var engine = new TestEngine(sdl, builder => World.Resolve(builder, sdl));
        Question[] questions = [.. Questions(engine.Executor.Schema).Take(Documents)];
        GraphQLJs oracle = await GraphQLJs.GetAsync();

        IReadOnlyList<Answer> answers = await oracle.AskAsync<Answer>([new { schema = sdl }, .. questions]);

        var disagreements = new List<string>();
        int withErrors = 0, withData = 0;
        for (int index = 0; index < questions.Length; index++)
        {
            JsonObject ours = JsonNode.Parse(await engine.AnswerAsync(questions[index].Document, questions[index].Variables.ToJsonString()))!.AsObject();
            withErrors += ours.ContainsKey("errors") ? 1 : 0;
            withData += ours["data"] is null ? 0 : 1;
            if (Describe(ours) != Describe(answers[index]))
                disagreements.Add($"---------- {questions[index].Document}\n{questions[index].Variables}\nours:   {ours.ToJsonString()}\n        {Describe(ours)}\ntheirs: {Describe(answers[index])}");
        }

        output.WriteLine($"seed {Seed}: {questions.Length} requests, {withData} with data, {withErrors} with errors, {disagreements.Count} disagreements");
        Assert.True(disagreements.Count == 0, string.Join("\n", disagreements.Take(6)));
        Assert.True(withData > Documents / 2 && withErrors > Documents / 10);
    }

    private static IEnumerable<Question> Questions(Schema schema)
    {
        var random = new Random(Seed);
        var documents = new DocumentGenerator(schema, random);
        var variables = new VariableGenerator(schema, random);
        while (true)
        {
            string text = random.Next(4) == 0 ? documents.Generate(Fault.OverlappingFields) : documents.Generate();
            DocumentNode document = Parser.ParseDocument(text);
            OperationDefinitionNode[] operations = [.. document.Definitions.OfType<OperationDefinitionNode>()];
            if (operations is [{ Operation: not OperationType.Subscription } only] && DocumentValidator.Validate(schema, document).Count == 0)
                yield return new Question(text, variables.Generate(only));
        }
    }

    private static string Describe(JsonObject response) => Describe(
        response.ContainsKey("data"), response["data"], (response["errors"]?.AsArray() ?? []).Select(error => error!["path"]?.ToJsonString() ?? "null"));

    private static string Describe(Answer answer) => Describe(
        answer.Data.ValueKind != JsonValueKind.Undefined, answer.Data.ValueKind == JsonValueKind.Object ? JsonNode.Parse(answer.Data.GetRawText()) : null, answer.Paths);

    /// <summary>A request error has no data; how many of them one bad variable makes is nobody's business.</summary>
    private static string Describe(bool hasData, JsonNode? data, IEnumerable<string> paths) =>
        hasData ? $"{data?.ToJsonString() ?? "null"} {string.Join(' ', paths.Order(StringComparer.Ordinal))}" : "request error";

    private sealed record Question(string Document, JsonObject Variables);

    private sealed record Answer(JsonElement Data, IReadOnlyList<string> Paths);
}
