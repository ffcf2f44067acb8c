using System.Text.RegularExpressions;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>Habits that the compiler cannot keep.</summary>
public sealed partial class SourceHabitsTests
{
    private const int LinesMax = 500;

    /// <summary>Lines that may do what a rule forbids elsewhere. Each has its reason above it, and goes when the line goes.</summary>
    private static readonly (string Path, string Line)[] exceptions =
    [
        // Called back once the task is complete: this only takes its outcome.
        ("engine/src/Execution/Running/RunLoop.cs", "fetch.GetAwaiter().GetResult();"),
        ("engine/src/Execution/Running/FieldResolution.cs", "value = task.GetAwaiter().GetResult();"),
        // The sequence has moved when these are reached: they take the outcome, or what it threw.
        ("engine/src/Execution/Incremental/ItemStream.cs", "if (!moving.GetAwaiter().GetResult())"),
        ("engine/src/Execution/Running/SequenceReading.cs", "if (moving.GetAwaiter().GetResult())"),
    ];

    /// <summary>Ask again every few milliseconds, until a deadline.</summary>
    private static readonly string[] pollers = ["tests/Mycelium.Testing/Eventually.cs", "engine/tests/Transport/Until.cs"];

    private static readonly string[] proseAndScripts = ["", ".cs", ".csproj", ".md", ".sql", ".sh", ".yml", ".yaml", ".mjs", ".js", ".ts", ".props", ".graphql"];

    [Fact]
    public void Nobody_reads_the_system_clock() => Findings.AssertNone(InSource(SystemClock()));

    [Theory]
    [InlineData("DateTimeOffset at = DateTimeOffset.UtcNow;")]
    [InlineData("var at = DateTime.Now.AddHours(1);")]
    [InlineData("DateTime at = System.DateTime.UtcNow;")]
    [InlineData("DateTime day = DateTime.Today;")]
    [InlineData("Guid id = Guid.CreateVersion7();")]
    public void Reading_the_system_clock_is_found(string line) => Assert.Single(Uses(SystemClock(), Sample(line)));

    [Fact]
    public void A_clock_that_is_passed_in_is_none_of_it() =>
        Assert.Empty(Uses(SystemClock(), Sample("DateTimeOffset now = clock.GetUtcNow(); // never DateTime.UtcNow")));

    [Fact]
    public void Nobody_blocks_on_a_task() => Findings.AssertNone(InSource(Blocking()));

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
    public void Waiting_well_is_none_of_it(string line) => Assert.Empty(Uses(Blocking(), Sample(line)));

    [Fact]
    public void No_test_sleeps_for_a_time_that_should_be_long_enough() => Findings.AssertNone(
        RepositoryFiles.Tests(".cs").Where(file => !pollers.Contains(file.Path) && !file.Path.EndsWith($"{nameof(SourceHabitsTests)}.cs", StringComparison.Ordinal))
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
    public void No_file_in_src_is_longer_than_500_lines() => Findings.AssertNone(RepositoryFiles.Sources(".cs", ".sql").Where(IsTooLong).Select(file => file.Path));

    [Theory]
    [InlineData(LinesMax, false)]
    [InlineData(LinesMax + 1, true)]
    public void A_file_that_is_too_long_is_found(int lines, bool isTooLong) =>
        Assert.Equal(isTooLong, IsTooLong(new("src/Sample.cs", string.Concat(Enumerable.Repeat("line\n", lines)))));

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

    private static RepositoryFile Sample(string line) => new("src/Sample.cs", $"namespace Sample;\n{line}\n");

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bGuid\.CreateVersion7\(\)")]
    private static partial Regex SystemClock();

    /// <summary>A line that has asked whether the task is complete may take its result.</summary>
    [GeneratedRegex(@"^(?!.*\bIsCompleted).*(\)\.Result\b|[tT]ask\.Result\b|\.Wait\(|\.GetAwaiter\(\)\.GetResult\(\)|\bTask\.Wait(All|Any)\()")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"Thread\.Sleep\(|Task\.Delay\((?!Timeout\.Infinite)(?!.*\bclock\b)")]
    private static partial Regex Sleeping();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|\bNotImplementedException\b")]
    private static partial Regex LeftForLater();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();
}
