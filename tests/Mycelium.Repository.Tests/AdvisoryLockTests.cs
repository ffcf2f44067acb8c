using System.Text.RegularExpressions;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>Advisory locks are numbers that SQL and C# share. If two things use the same number, they block each other.</summary>
public sealed partial class AdvisoryLockTests
{
    [Fact]
    public void Each_number_is_used_in_one_file() => Findings.AssertNone(SharedBy(RepositoryFiles.Sources(".cs", ".sql")));

    [Fact]
    public void A_number_in_two_files_is_found() =>
        Assert.Single(SharedBy(
        [
            new("a.sql", "SELECT pg_advisory_xact_lock(7301977001)"),
            new("b.cs", "const long LockKey = 7_301_977_001;"),
            new("b.cs", "7_301_977_002"),
        ]));

    private static IEnumerable<string> SharedBy(IEnumerable<RepositoryFile> files) => files
        .SelectMany(file => Number().Matches(file.Text).Select(match => (Key: match.Value.Replace("_", "", StringComparison.Ordinal), file.Path)))
        .Distinct().GroupBy(found => found.Key).Where(uses => uses.Count() > 1)
        .Select(uses => $"{uses.Key} is an advisory lock in {string.Join(" and ", uses.Select(use => use.Path))}");

    [GeneratedRegex(@"\b7_?301_?977_?\d{3}\b")]
    private static partial Regex Number();
}
