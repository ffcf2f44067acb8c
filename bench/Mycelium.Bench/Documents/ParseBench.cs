using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mycelium.Bench.Market;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Engine.Validation;
using Mycelium.Testing;

namespace Mycelium.Bench.Documents;

/// <summary>
/// What does a document cost that is not in a cache? Measures parsing in MB of text per second, and validation against the API's schema, in
/// this process and in turns.
/// </summary>
internal static class ParseBench
{
    private const double ParseGoal = 100;
    private const double ValidateGoal = 50;
    /// <summary>Fields of the large document; the API accepts 2,048.</summary>
    private const int LargeFieldCount = 2_000;
    private const int FieldsOfList = 11;
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
        List<Cost>[] times = [.. cases.Select(_ => new List<Cost>())];
        for (int round = -RepetitionCount; round < RepetitionCount; round++) // The same number of rounds is for warm-up.
        {
            for (int at = 0; at < cases.Length; at++)
            {
                Cost cost = Time(cases[at].Work);
                if (round >= 0)
                    times[at].Add(cost);
            }
        }

        Report.Line($"\nDocuments, {RepetitionCount} repetitions of {repetition.TotalMilliseconds} ms in turns\n");
        Report.Line($"| what | bytes | µs | processor µs | MB/s | MB/s of processor time | goal |");
        Report.Line($"| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        PrintParse("parse q1", small, times[0]);
        PrintParse("parse a large document", large, times[1]);
        Report.Line($"| validate q1 | {Encoding.UTF8.GetByteCount(small)} | {Clock(times[2]):F1} | {Processor(times[2]):F1} | | | {ValidateGoal} µs |");
    }

    private static void PrintParse(string name, string text, List<Cost> times)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        // Bytes per microsecond are megabytes per second.
        Report.Line(
            $"| {name} | {bytes} | {Clock(times):F1} | {Processor(times):F1} | {bytes / Clock(times):F0} | ",
            $"{bytes / Processor(times):F0} | {ParseGoal} MB/s |");
    }

    private static double Clock(List<Cost> times) => times.Select(one => one.Clock).Median();

    private static double Processor(List<Cost> times) => times.Select(one => one.Processor).Median();

    private static Cost Time(Action work)
    {
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        do
        {
            work();
            count++;
        }
        while (Stopwatch.GetElapsedTime(start) < repetition);
        double clock = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        return new(clock / count, (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / count);
    }

    /// <summary>A query that selects the same kind of list many times, as generated queries do.</summary>
    private static string Large()
    {
        var text = new StringBuilder("query Large($region: Region!) {\n");
        for (int list = 0, fields = 0; fields < LargeFieldCount; list++, fields += FieldsOfList)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                  cheapest{{list}}: sliceCombinations(first: 10, where: { region: { eq: $region }, multiplier: { eq: {{1 << list % 10}} } },
                      order: [{ pricePerHour: ASC }]) {
                    nodes { id multiplier quantityAvailable pricePerHour gridNode { gridId status } farm { name } }
                  }

                """);
        }
        return text.Append("}\n").ToString();
    }

    /// <summary>
    /// Microseconds of one call by the clock, and in processor time of this process, which includes its garbage collector and compiler but
    /// not other programs.
    /// </summary>
    private readonly record struct Cost(double Clock, double Processor);
}
