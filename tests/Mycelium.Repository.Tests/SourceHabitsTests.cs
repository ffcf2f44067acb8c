using System.Text.RegularExpressions;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>Rules that the compiler cannot enforce.</summary>
public sealed partial class SourceHabitsTests
{
    private const int LinesMax = 500;
    private const int LineLengthMax = 160;

    /// <summary>Lines that may break a rule. Each has its reason above it, and must be removed together with the line.</summary>
    private static readonly (string Path, string Line)[] exceptions =
    [
        // A callback that runs when the task is complete, so this only gets its result.
        ("engine/src/Execution/Running/RunLoop.cs", "fetch.GetAwaiter().GetResult();"),
        ("engine/src/Execution/Running/FieldResolution.cs", "value = task.GetAwaiter().GetResult();"),
        // The sequence has already moved here, so these get the result or the exception.
        ("engine/src/Execution/Incremental/ItemStream.cs", "if (!moving.GetAwaiter().GetResult())"),
        ("engine/src/Execution/Running/SequenceReading.cs", "if (moving.GetAwaiter().GetResult())"),
    ];

    /// <summary>Tables of data that may have long lines, because each row is one line.</summary>
    private static readonly string[] tables =
    [
        // The names of one country per line.
        "src/Mycelium.Domain/Nodes/CountryNames.cs",
        // SSH public keys, which are one line each.
        "tests/Mycelium.Domain.Tests/Rentals/SshPublicKeyTests.cs",
    ];

    /// <summary>These poll every few milliseconds until a deadline.</summary>
    private static readonly string[] pollers =
    [
        "tests/Mycelium.Testing/Eventually.cs", "engine/tests/Transport/Until.cs", "tests/Mycelium.EndToEnd.Tests/Mutation.cs",
        "tests/Mycelium.EndToEnd.Tests/Kills/KillSoakTests.cs", // The random moment at which it kills is what it tests.
    ];

    private static readonly string[] proseAndScripts =
        ["", ".cs", ".csproj", ".md", ".sql", ".sh", ".yml", ".yaml", ".mjs", ".js", ".ts", ".props", ".graphql"];

    [Fact]
    public void No_code_reads_the_system_clock() => Findings.AssertNone(InSource(SystemClock()));

    [Theory]
    [InlineData("DateTimeOffset at = DateTimeOffset.UtcNow;")]
    [InlineData("var at = DateTime.Now.AddHours(1);")]
    [InlineData("DateTime at = System.DateTime.UtcNow;")]
    [InlineData("DateTime day = DateTime.Today;")]
    [InlineData("Guid id = Guid.CreateVersion7();")]
    public void Reading_the_system_clock_is_found(string line) => Assert.Single(Uses(SystemClock(), Sample(line)));

    [Fact]
    public void A_clock_that_is_passed_in_is_allowed() =>
        Assert.Empty(Uses(SystemClock(), Sample("DateTimeOffset now = clock.GetUtcNow(); // never DateTime.UtcNow")));

    [Fact]
    public void No_code_blocks_on_a_task() => Findings.AssertNone(InSource(Blocking()));

    [Theory]
    [InlineData("int count = Count().Result;")]
    [InlineData("Save().Wait();")]
    [InlineData("Save().Wait(timeout);")]
    [InlineData("int count = Count().GetAwaiter().GetResult();")]
    [InlineData("Task.WaitAll(tasks);")]
    public void Blocking_on_a_task_is_found(string line) => Assert.Single(Uses(Blocking(), Sample(line)));

    [Theory]
    [InlineData("await Save().WaitAsync(timeout);")]
    [InlineData("IResult result = ResultOf(Results.Ok());")]
    [InlineData("return task.IsCompletedSuccessfully ? new(task.Result) : Await(task);")]
    [InlineData("/// <summary>Never <c>.Result</c>.</summary>")]
    public void Waiting_without_blocking_is_allowed(string line) => Assert.Empty(Uses(Blocking(), Sample(line)));

    [Fact]
    public void No_test_sleeps_and_hopes_that_it_was_long_enough() => Findings.AssertNone(
        RepositoryFiles.Tests(".cs")
            .Where(file => !pollers.Contains(file.Path) && !file.Path.EndsWith($"{nameof(SourceHabitsTests)}.cs", StringComparison.Ordinal))
            .SelectMany(file => Uses(Sleeping(), file)));

    [Theory]
    [InlineData("Thread.Sleep(100);", true)]
    [InlineData("await Task.Delay(100);", true)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), cancellation);", true)]
    [InlineData("await Task.Delay(Timeout.Infinite, cancellation);", false)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), clock);", false)]
    public void A_sleep_is_found(string line, bool isFound) => Assert.Equal(isFound, Uses(Sleeping(), Sample(line)).Any());

    [Fact]
    public void No_work_is_left_for_later() =>
        Findings.AssertNone(RepositoryFiles.Under("", proseAndScripts)
            .Where(file => !file.Path.EndsWith($"{nameof(SourceHabitsTests)}.cs", StringComparison.Ordinal))
            .SelectMany(file => Uses(LeftForLater(), file, isCode: false)));

    [Theory]
    [InlineData("// TODO: later")]
    [InlineData("-- FIXME")]
    [InlineData("throw new NotImplementedException();")]
    public void Work_left_for_later_is_found(string line) => Assert.Single(Uses(LeftForLater(), Sample(line), isCode: false));

    [Fact]
    public void No_file_in_src_is_longer_than_500_lines() =>
        Findings.AssertNone(RepositoryFiles.Sources(".cs", ".sql").Where(IsTooLong).Select(file => file.Path));

    [Theory]
    [InlineData(LinesMax, false)]
    [InlineData(LinesMax + 1, true)]
    public void A_file_that_is_too_long_is_found(int lines, bool isTooLong) =>
        Assert.Equal(isTooLong, IsTooLong(new("src/Sample.cs", string.Concat(Enumerable.Repeat("line\n", lines)))));

    [Fact]
    public void No_line_of_C_sharp_is_longer_than_160_characters() =>
        Findings.AssertNone(RepositoryFiles.Under("", ".cs").Where(file => !tables.Contains(file.Path)).SelectMany(LongLines));

    [Theory]
    [InlineData(LineLengthMax, false)]
    [InlineData(LineLengthMax + 1, true)]
    public void A_line_that_is_too_long_is_found(int length, bool isFound) =>
        Assert.Equal(isFound ? ["src/Sample.cs:2 has 161 characters"] : [], LongLines(Sample(new string('x', length))));

    [Fact]
    public void Every_table_with_long_lines_still_has_one() => Findings.AssertNone(
        tables.Where(path => !LongLines(new(path, File.ReadAllText(Testing.RepositoryRoot.Combine(path)))).Any()).Select(path => $"{path} needs no exemption"));

    [Fact]
    public void Every_exception_is_still_needed() =>
        Assert.All(exceptions, exception => Assert.Contains(
            RepositoryFiles.Sources(".cs"),
            file => file.Path == exception.Path && file.Text.Contains(exception.Line, StringComparison.Ordinal)));

    private static IEnumerable<string> InSource(Regex forbidden) => RepositoryFiles.Sources(".cs").SelectMany(file => Uses(forbidden, file));

    private static IEnumerable<string> Uses(Regex forbidden, RepositoryFile file, bool isCode = true) =>
        from line in file.Lines()
        where forbidden.IsMatch(isCode ? Comment().Replace(line.Text, "") : line.Text)
        where !exceptions.Any(exception => exception.Path == file.Path && line.Text.Contains(exception.Line, StringComparison.Ordinal))
        select $"{file.Path}:{line.Number}: {line.Text.Trim()}";

    private static bool IsTooLong(RepositoryFile file) => file.Text.TrimEnd('\n').Count(character => character == '\n') >= LinesMax;

    private static IEnumerable<string> LongLines(RepositoryFile file) =>
        file.Lines().Where(line => line.Text.Length > LineLengthMax).Select(line => $"{file.Path}:{line.Number} has {line.Text.Length} characters");

    private static RepositoryFile Sample(string line) => new("src/Sample.cs", $"namespace Sample;\n{line}\n");

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bGuid\.CreateVersion7\(\)")]
    private static partial Regex SystemClock();

    /// <summary>A line that checks whether the task is complete may use its result.</summary>
    [GeneratedRegex(@"^(?!.*\bIsCompleted).*(\)\.Result\b|[tT]ask\.Result\b|\.Wait\(|\.GetAwaiter\(\)\.GetResult\(\)|\bTask\.Wait(All|Any)\()")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"Thread\.Sleep\(|Task\.Delay\((?!Timeout\.Infinite)(?!.*\bclock\b)")]
    private static partial Regex Sleeping();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|\bNotImplementedException\b")]
    private static partial Regex LeftForLater();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();
}
