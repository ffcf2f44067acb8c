using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Errors;
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
/// Compares <c>@defer</c> and <c>@stream</c> with graphql-js over generated documents. What is announced, where it is delivered and how it completes
/// are the same, however it is split into results; put together, it is the response without the directives. When fields resolve at different times,
/// only what is delivered is compared.
/// </summary>
public sealed class IncrementalOracleTests(ITestOutputHelper output)
{
    private const int DocumentCount = 1_000;
    private const int Seed = 20261123;

    private const string Directives = """

        directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
        directive @stream(initialCount: Int! = 0, if: Boolean! = true, label: String) on FIELD
        """;

    [Fact]
    public async Task Responses_in_parts_are_those_of_graphql_js()
    {
        string sdl = await GraphQLJs.ReadSchemaAsync();
        Schema plain = SchemaBuilder.FromSdl(sdl).Build();
        Schema schema = SchemaBuilder.FromSdl(sdl + Directives).Build();
        TestEngine atOnce = Engine(isImmediate: true), later = Engine(isImmediate: false);
        Question[] questions = [.. Questions(plain, schema)];

        IReadOnlyList<Answer> theirs = await (await GraphQLJs.GetAsync()).AskAsync<Answer>(sdl + Directives, questions);

        var disagreements = new List<string>();
        int inParts = 0, announced = 0;
        for (int index = 0; index < questions.Length; index++)
        {
            List<string> results = await AnswerAsync(atOnce, questions[index], isIncremental: true);
            string whole = Assert.Single(await AnswerAsync(atOnce, questions[index], isIncremental: false));
            string difference = Compare(results, theirs[index].Results, whole, parts => parts.Summary, out int count);
            inParts += results.Count > 1 ? 1 : 0;
            announced += count;
            if (difference.Length == 0)
                difference = Compare(
                    results = await AnswerAsync(later, questions[index], isIncremental: true), theirs[index].Results, whole, parts => parts.Delivered,
                    out _);
            if (difference.Length > 0)
                disagreements.Add(
                    $"---------- {questions[index].Incremental}\n{questions[index].Variables}\n{difference}\n--- "
                        + $"ours:\n{string.Join('\n', results)}\n--- theirs:\n{string.Join('\n', theirs[index].Results)}");
        }
        output.WriteLine(
            $"seed {Seed}: {questions.Length} requests, {inParts} answered in parts, {announced} parts announced, {disagreements.Count} disagreements");
        Assert.True(disagreements.Count == 0, string.Join("\n", disagreements.Take(3)));
        Assert.True(inParts > DocumentCount / 3);
        Assert.Equal(0, atOnce.Buffers.RentedCount + later.Buffers.RentedCount);

        TestEngine Engine(bool isImmediate) =>
            new(sdl + Directives, builder => ExecutionWorld.Resolve(builder, schema, isImmediate), options => options.ErrorCountMax = 100_000);
    }

    [Fact]
    public async Task Documents_are_valid_exactly_when_graphql_js_says_so()
    {
        string sdl = await GraphQLJs.ReadSchemaAsync() + Directives;
        Schema schema = SchemaBuilder.FromSdl(sdl).Build();
        var random = new Random(Seed + 1);
        var documents = new DocumentGenerator(SchemaBuilder.FromSdl(await GraphQLJs.ReadSchemaAsync()).Build(), random);
        var rewriter = new IncrementalRewriter(schema, random, isCareless: true);
        string[] texts = [.. Enumerable.Range(0, DocumentCount).Select(_ => Printer.Print(rewriter.Rewrite(Parser.ParseDocument(documents.Generate()))))];

        IReadOnlyList<Verdict> verdicts = await (await GraphQLJs.GetAsync()).AskAsync<Verdict>(
            sdl, texts.Select(document => new { document, isIncremental = true }));

        var disagreements = new List<string>();
        var fired = new Dictionary<string, int>();
        for (int index = 0; index < texts.Length; index++)
        {
            IReadOnlyList<GraphQLError> errors = DocumentValidator.Validate(
                schema, Parser.ParseDocument(texts[index]), new ValidationOptions { MaxErrors = 100_000 });
            string[] ours = [.. RuleNames.Of(errors)];
            foreach (string rule in ours)
                fired[rule] = fired.GetValueOrDefault(rule) + 1;
            if (!ours.SequenceEqual(verdicts[index].Rules!))
                disagreements.Add($"---------- {texts[index]}\nours:   {string.Join(' ', ours)}\ntheirs: {string.Join(' ', verdicts[index].Rules!)}");
        }
        output.WriteLine(
            $"seed {Seed + 1}: {texts.Length} documents, {disagreements.Count} "
                + $"disagreements; {string.Join(", ", fired.Select(rule => $"{rule.Key} {rule.Value}"))}");
        Assert.True(disagreements.Count == 0, string.Join("\n", disagreements.Take(4)));
        Assert.All(
            (string[])["DeferStreamDirectiveOnRootFieldRule",
                "DeferStreamDirectiveOnValidOperationsRule", "DeferStreamDirectiveLabelRule", "StreamDirectiveOnListFieldRule"],
            rule => Assert.True(fired.GetValueOrDefault(rule) > 10, rule));
    }

    private static IEnumerable<Question> Questions(Schema plain, Schema schema)
    {
        var random = new Random(Seed);
        var documents = new DocumentGenerator(plain, random);
        var variables = new VariablesGenerator(plain, random);
        var rewriter = new IncrementalRewriter(schema, random, isCareless: false);
        for (int count = 0; count < DocumentCount;)
        {
            DocumentNode document = Parser.ParseDocument(documents.Generate());
            OperationDefinitionNode[] operations = [.. document.Definitions.OfType<OperationDefinitionNode>()];
            if (operations is not [{ Operation: not OperationType.Subscription } only] || DocumentValidator.Validate(plain, document).Count > 0)
                continue;
            DocumentNode rewritten = rewriter.Rewrite(document);
            if (DocumentValidator.Validate(schema, rewritten).Count > 0)
                continue; // Two places stream the same field, or with different arguments.
            count++;
            yield return new Question(Printer.Print(rewritten), only.Name, variables.Generate(only));
        }
    }

    private static string Compare(
        List<string> ours, IReadOnlyList<string> theirs, string whole, Func<Reassembly, string> summary, out int announced)
    {
        announced = 0;
        if (!ours[0].Contains("\"data\"", StringComparison.Ordinal))
            return theirs[0].Contains("\"data\"", StringComparison.Ordinal) ? "a request error of ours alone" : "";
        try
        {
            Reassembly mine = Reassembly.Of(ours);
            Reassembly other = Reassembly.Of(theirs);
            announced = mine.Announced;
            if (summary(mine) != summary(other))
                return $"--- our summary:\n{summary(mine)}\n--- their summary:\n{summary(other)}";
            bool isComplete = !mine.Summary.Contains("completed", StringComparison.Ordinal)
                || !ours.Any(result => result.Contains("\"errors\"", StringComparison.Ordinal));
            return isComplete && !IsSame(mine.Data, JsonNode.Parse(whole)!["data"]) ? $"put together it is not the whole: {whole}" : "";
        }
        catch (Xunit.Sdk.XunitException broken)
        {
            return broken.Message;
        }
    }

    /// <summary>Equal except for the order of fields: what is delivered later comes last.</summary>
    private static bool IsSame(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(one, other);

    private static async Task<List<string>> AnswerAsync(TestEngine engine, Question question, bool isIncremental)
    {
        GraphQLRequest request = engine.Request(
            question.Incremental, question.Variables.ToJsonString(), question.OperationName) with
        { AllowsIncrementalDelivery = isIncremental };
        var results = new List<string>();
        switch (await engine.Executor.ExecuteAsync(request))
        {
            case ResponseStream stream:
                await foreach (OperationResult result in stream.ReadResultsAsync())
                {
                    using (result)
                        results.Add(TestEngine.Text(result));
                }
                break;
            case OperationResult single:
                using (single)
                    results.Add(TestEngine.Text(single));
                break;
        }
        return results;
    }

    private sealed record Question(string Incremental, string? OperationName, JsonObject Variables);

    private sealed record Answer(IReadOnlyList<string> Results);
}
