using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mycelium.Bench.Market;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Engine.Validation;
using Mycelium.Testing;

namespace Mycelium.Bench.Documents;

/// <summary>What does a document cost that no cache knows? Parsing in MB of text a second, and validation against the API's schema, in this process and in turns.</summary>
internal static class ParseBench
{
    private const double ParseGoal = 100;
    private const double ValidateGoal = 50;
    /// <summary>Fields of the large document; the API takes 2,048.</summary>
    private const int LargeFieldCount = 2_000;
    private const int RepetitionCount = 25;
    private static readonly TimeSpan repetition = TimeSpan.FromMilliseconds(100);

    public static void Run()
    {
        string small = JsonSerializer.Deserialize<JsonElement>(QueryCase.All[0].Body).GetProperty("query").GetString()!;
        string large = Large();
        Schema schema = SchemaBuilder.FromSdl(File.ReadAllText(RepositoryRoot.Combine("src", "Mycelium.GraphQL", "schema.graphql"))).Build();
        DocumentNode document = Parser.ParseDocument(small);
        if (DocumentValidator.Validate(schema, document) is [GraphQLError wrong, ..])
            throw new InvalidOperationException(wrong.Message);

        (string Name, Action Work)[] cases =
        [
            ("parse q1", () => Parser.ParseDocument(small)),
            ("parse large", () => Parser.ParseDocument(large)),
            ("validate q1", () => DocumentValidator.Validate(schema, document)),
        ];
        List<double>[] times = [.. cases.Select(_ => new List<double>())];
        for (int round = -RepetitionCount; round < RepetitionCount; round++) // As many rounds warm up.
        {
            for (int at = 0; at < cases.Length; at++)
            {
                double microseconds = Time(cases[at].Work);
                if (round >= 0)
                    times[at].Add(microseconds);
            }
        }

        Report.Line($"\nDocuments, {RepetitionCount} repetitions of {repetition.TotalMilliseconds} ms in turns\n");
        Report.Line($"| what | bytes | median µs | least µs | MB/s of the median | MB/s of the least | goal |");
        Report.Line($"| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        PrintParse("parse q1", small, times[0]);
        PrintParse("parse a large document", large, times[1]);
        Report.Line($"| validate q1 | {Encoding.UTF8.GetByteCount(small)} | {times[2].Median():F1} | {times[2].Min():F1} | | | {ValidateGoal} µs |");
    }

    private static void PrintParse(string name, string text, List<double> times)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        // Bytes a microsecond are megabytes a second.
        Report.Line($"| {name} | {bytes} | {times.Median():F1} | {times.Min():F1} | {bytes / times.Median():F0} | {bytes / times.Min():F0} | {ParseGoal} MB/s |");
    }

    /// <summary>Microseconds of one call.</summary>
    private static double Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        do
        {
            work();
            count++;
        }
        while (Stopwatch.GetElapsedTime(start) < repetition);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
    }

    /// <summary>A screen that asks for the same kind of list many times over, as generated queries do.</summary>
    private static string Large()
    {
        var text = new StringBuilder("query Large($region: String!) {\n");
        for (int list = 0, fields = 0; fields < LargeFieldCount; list++, fields += 10)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                  cheapest{{list}}: sliceCombinations(first: 10, where: { region: { eq: $region }, multiplier: { eq: {{1 << list % 10}} } }, order: [{ pricePerHour: ASC }]) {
                    nodes { id multiplier quantityAvailable pricePerHour node { gridId status } farm { name } }
                  }

                """);
        }
        return text.Append("}\n").ToString();
    }
}
