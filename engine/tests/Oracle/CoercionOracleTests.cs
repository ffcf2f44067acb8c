using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Testing;
using Xunit.Abstractions;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>
/// Compares input values with graphql-js: valid and invalid variables as JSON, and literals as their defaults, for every input type, including lists
/// and OneOf. <see cref="ExecutionOracleTests"/> covers arguments, and variables within them.
/// </summary>
public sealed class CoercionOracleTests(ITestOutputHelper output)
{
    private const int DocumentCount = 8_000;
    private const int Seed = 20260923;

    [Fact]
    public async Task Variables_become_what_graphql_js_makes_of_them()
    {
        string sdl = await GraphQLJs.ReadSchemaAsync();
        Schema schema = SchemaBuilder.FromSdl(sdl).Build();
        Question[] questions = [.. Questions(schema)];
        GraphQLJs oracle = await GraphQLJs.GetAsync();

        IReadOnlyList<Answer> answers = await oracle.AskAsync<Answer>(sdl, questions);

        Assert.Equal(DocumentCount, answers.Count);
        var disagreements = new List<string>();
        int refusedCount = 0, oneOfCount = 0;
        for (int index = 0; index < questions.Length; index++)
        {
            string? ours = Coerce(schema, questions[index]);
            string? theirs = answers[index].Values is { } values ? Canonical(JsonElement.Parse(values)) : null;
            refusedCount += ours is null ? 1 : 0;
            oneOfCount += questions[index].Coerce.Contains("Target", StringComparison.Ordinal) ? 1 : 0;
            if (ours != theirs)
                disagreements.Add(
                    $"---------- {questions[index].Coerce}\n{questions[index].Variables}\nours:   {ours ?? "refused"}\ntheirs: {theirs ?? "refused"}");
        }
        output.WriteLine($"seed {Seed}: {questions.Length} documents, {refusedCount} refused, {oneOfCount} with OneOf; {disagreements.Count} disagreements");
        Assert.True(disagreements.Count == 0, string.Join("\n", disagreements.Take(6)));
        Assert.True(
            refusedCount > DocumentCount / 20 && refusedCount < DocumentCount / 2 && oneOfCount > DocumentCount / 20,
            "The documents are too much alike to say anything.");
    }

    private static IEnumerable<Question> Questions(Schema schema)
    {
        var random = new Random(Seed);
        var literals = new ValueGenerator(random, _ => false);
        var variables = new VariablesGenerator(schema, random);
        NamedType[] types = [.. schema.Types.Where(type => type.IsInputType && (!type.IsBuiltIn || type is ScalarType))];
        for (int count = 0; count < DocumentCount; count++)
        {
            string definitions = string.Join(", ", Enumerable.Range(0, random.Next(1, 4)).Select(number =>
            {
                GraphQLType type = Wrapped(types[random.Next(types.Length)], random);
                string given = random.Next(2) == 0 ? "" : $" = {literals.ForPlace(new InputValueDefinition("value", type))}";
                return string.Create(CultureInfo.InvariantCulture, $"$v{number}: {type}{given}");
            }));
            string text = $"query({definitions}) {{ version }}";
            yield return new Question(text, variables.Generate(OperationOf(text)));
        }
    }

    private static GraphQLType Wrapped(GraphQLType type, Random random) => random.Next(8) switch
    {
        0 => new NonNullType(type),
        1 => new ListType(type),
        2 => new ListType(new NonNullType(type)),
        3 => new NonNullType(new ListType(new ListType(type))),
        _ => type,
    };

    private static OperationDefinitionNode OperationOf(string text) => (OperationDefinitionNode)Parser.ParseDocument(text).Definitions[0];

    /// <returns>Null when a variable is refused.</returns>
    private static string? Coerce(Schema schema, Question question)
    {
        JsonElement given = JsonElement.Parse(question.Variables.ToJsonString());
        return ValueCoercion.TryCoerceVariables(
            schema, OperationOf(question.Coerce).VariableDefinitions, given, out IReadOnlyDictionary<string, object?> values, out _)
            ? Canonical(values)
            : null;
    }

    /// <summary>The same text for equal values: fields by name, and numbers as the double that JavaScript has for them.</summary>
    private static string Canonical(object? value) => value switch
    {
        null => "null",
        string text => JsonSerializer.Serialize(text),
        bool flag => flag ? "true" : "false",
        IReadOnlyDictionary<string, object?> map =>
            $"{{{string.Join(',', map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}:{Canonical(entry.Value)}"))}}}",
        IEnumerable<object?> items => $"[{string.Join(',', items.Select(Canonical))}]",
        JsonElement json => Canonical(json),
        _ => Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
    };

    private static string Canonical(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', Sorted(json).Select(field => $"{field.Name}:{Canonical(field.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', json.EnumerateArray().Select(Canonical))}]",
        JsonValueKind.Number => Number(json.GetDouble()),
        JsonValueKind.String => JsonSerializer.Serialize(json.GetString()),
        _ => json.GetRawText(),
    };

    private static IEnumerable<JsonProperty> Sorted(JsonElement json) =>
        json.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal);

    private static string Number(double number) => (number + 0d).ToString("R", CultureInfo.InvariantCulture);

    private sealed record Question(string Coerce, JsonObject Variables);

    /// <param name="Values">JSON; null when a variable is refused.</param>
    private sealed record Answer(string? Values);
}
