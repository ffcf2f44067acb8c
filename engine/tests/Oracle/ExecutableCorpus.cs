using System.Text;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <param name="Schema">What the document is validated against.</param>
internal sealed record JudgedDocument(Schema Schema, string Text, Verdict Ours, Verdict Theirs);

/// <summary>Generated documents with the verdicts of both implementations: computed once, since that takes most of the time.</summary>
internal sealed class ExecutableCorpus
{
    public const int Seed = 20260921;
    private const int RichCount = 28_000;
    private const int SmallCount = 2_800;

    /// <summary>Without subscriptions and with few directives: for operations that a schema does not have.</summary>
    private const string SmallSdl = """
        directive @once on FIELD | QUERY | MUTATION
        type Query { farm(id: ID!): Farm version: String }
        type Mutation { deleteFarm(id: ID!): Boolean! }
        interface Entity { id: ID! name: String }
        type Farm implements Entity { id: ID! name: String nodes(first: Int = 10, where: NodeFilter): [Farm!]! }
        input NodeFilter { name: String country: [String!] }
        enum Direction { ASC DESC }
        """;

    private static readonly Lazy<Task<ExecutableCorpus>> judged = new(JudgeAsync);

    private ExecutableCorpus(IReadOnlyList<JudgedDocument> documents) => Documents = documents;

    public IReadOnlyList<JudgedDocument> Documents { get; }

    public static Task<ExecutableCorpus> GetAsync() => judged.Value;

    private static async Task<ExecutableCorpus> JudgeAsync()
    {
        string richSdl = await GraphQLJs.ReadSchemaAsync();
        return new ExecutableCorpus([.. await JudgeAsync(richSdl, RichCount, Seed), .. await JudgeAsync(SmallSdl, SmallCount, Seed + 1)]);
    }

    private static async Task<IEnumerable<JudgedDocument>> JudgeAsync(string sdl, int count, int seed)
    {
        Schema schema = SchemaBuilder.FromSdl(sdl).Build();
        string[] documents = [.. Generate(schema, count, new Random(seed))];
        GraphQLJs oracle = await GraphQLJs.GetAsync();
        IReadOnlyList<Verdict> theirs = await oracle.AskAsync<Verdict>(sdl, documents.Select(document => new { document }));
        Assert.Equal(documents.Length, theirs.Count);
        return documents.Select((text, index) => new JudgedDocument(schema, text, Verdict.Validate(schema, text), theirs[index]));
    }

    private static IEnumerable<string> Generate(Schema schema, int count, Random random)
    {
        var generator = new DocumentGenerator(schema, random);
        Fault[] all = Enum.GetValues<Fault>();
        for (int index = 0; index < count; index++)
        {
            string document = (index % 20) switch
            {
                < 9 => generator.Generate(),
                < 14 => generator.Generate(all[random.Next(all.Length)]),
                < 15 => generator.Generate(Fault.OverlappingFields),
                < 17 => generator.Generate(random.GetItems(all, 3)),
                _ => TextMutator.Mutate(generator.Generate(), random),
            };
            if (IsTransportable(document))
                yield return document;
        }
    }

    /// <summary>Half of a surrogate pair, which a mutation may leave, has no UTF-8 encoding; unit tests cover it.</summary>
    private static bool IsTransportable(string document) => document == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(document));
}
