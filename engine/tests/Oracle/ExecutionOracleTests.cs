using System.Text.Json;
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
/// Compares coercion, execution and null propagation with graphql-js: the same documents, variables and values must give the same responses.
/// </summary>
public sealed class ExecutionOracleTests(ITestOutputHelper output)
{
    private const int DocumentCount = 12_000;
    private const int Seed = 20260922;

    [Fact]
    public async Task Responses_are_those_of_graphql_js()
    {
        string sdl = await GraphQLJs.ReadSchemaAsync();
        Schema schema = SchemaBuilder.FromSdl(sdl).Build();
        var engine = new TestEngine(sdl, builder => ExecutionWorld.Resolve(builder, schema));
        Question[] questions = [.. Questions(schema)];
        GraphQLJs oracle = await GraphQLJs.GetAsync();

        IReadOnlyList<Answer> theirs = await oracle.AskAsync<Answer>(sdl, questions);

        var disagreements = new List<string>();
        int dataCount = 0, errorCount = 0, refusedCount = 0;
        for (int index = 0; index < questions.Length; index++)
        {
            (Answer ours, string text) = await AnswerAsync(engine, questions[index]);
            _ = ours.Data is null ? refusedCount++ : ours.Paths.Count > 0 ? errorCount++ : dataCount++;
            if (ours.Data != theirs[index].Data || (ours.Data is not null && !ours.Paths.SequenceEqual(theirs[index].Paths)))
                disagreements.Add(
                    $"---------- {questions[index].Execute}\n{questions[index].Variables}\n---------- ours: {text}\n---------- theirs: {theirs[index]}");
        }
        output.WriteLine(
            $"seed {Seed}: {questions.Length} requests; {dataCount} with data alone, {errorCount} with errors, {refusedCount} "
                + $"refused; {disagreements.Count} disagreements");
        Assert.True(disagreements.Count == 0, string.Join("\n", disagreements.Take(4)));
        Assert.True(Math.Min(dataCount, errorCount) > 1_000 && refusedCount > 100, "The requests are too much alike to say anything.");
        Assert.Equal(0, engine.Buffers.RentedCount);
    }

    private static IEnumerable<Question> Questions(Schema schema)
    {
        var random = new Random(Seed);
        var documents = new DocumentGenerator(schema, random);
        var variables = new VariablesGenerator(schema, random);
        for (int count = 0; count < DocumentCount;)
        {
            DocumentNode document = Parser.ParseDocument(random.Next(4) == 0 ? documents.Generate(Fault.OverlappingFields) : documents.Generate());
            if (DocumentValidator.Validate(schema, document).Count > 0)
                continue;
            OperationDefinitionNode[] operations = [.. document.Definitions.OfType<OperationDefinitionNode>()];
            OperationDefinitionNode operation = operations[random.Next(operations.Length)];
            if (operations.Length == 1)
                (document, operation) = ConditionVariables.Add(document, operation, random);
            count++;
            JsonObject given = variables.Generate(operation);
            ConditionVariables.RemoveNulls(given);
            yield return new Question(Printer.Print(document), operation.Name, given);
        }
    }

    private static async Task<(Answer Answer, string Text)> AnswerAsync(TestEngine engine, Question question)
    {
        ExecutionResult result = await engine.ExecuteAsync(question.Execute, question.Variables.ToJsonString(), question.OperationName);
        if (result is ResponseStream stream)
        {
            await using IAsyncEnumerator<OperationResult> events = stream.ReadResultsAsync().GetAsyncEnumerator();
            Assert.True(await events.MoveNextAsync());
            result = events.Current;
        }
        using var answer = (OperationResult)result;
        string text = TestEngine.Text(answer);
        JsonElement json = JsonDocument.Parse(text).RootElement;
        string? data = json.TryGetProperty("data", out JsonElement entry) ? entry.GetRawText() : null;
        return (new Answer(data, [.. answer.Errors.Select(error => error.Path?.ToString() ?? "")]), text);
    }

    private sealed record Question(string Execute, string? OperationName, JsonObject Variables);

    /// <param name="Data">JSON text; null when there is no data entry.</param>
    /// <param name="Paths">Of the errors.</param>
    private sealed record Answer(string? Data, IReadOnlyList<string> Paths)
    {
        public override string ToString() => $"{Data} {string.Join(' ', Paths)}";
    }
}
