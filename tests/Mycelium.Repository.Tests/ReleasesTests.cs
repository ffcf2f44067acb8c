using System.Globalization;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>What a release must not change, because replicas of the previous release run on the same database (docs/adr/0010).</summary>
public sealed class ReleasesTests
{
    private const string Schema = "src/Mycelium.Infrastructure/Postgres/Schema/";
    private const string Migrations = "src/Mycelium.Infrastructure/Postgres/Migrations/";

    [Fact]
    public async Task Released_tables_and_migrations_do_not_change()
    {
        Dictionary<string, string> before = await ReleasedAsync();

        Findings.AssertNone(before.Keys.Where(IsFrozen).Where(path => Now(path) != before[path])
            .Select(path => $"{path} has been released; make changes in a new migration."));
    }

    [Fact]
    public async Task A_changed_definition_has_a_higher_number()
    {
        Dictionary<string, string> before = await ReleasedAsync();

        Findings.AssertNone(before.Keys.Where(IsDefinition).Where(path => Misnumbered(before[path], Now(path)))
            .Select(path => $"{path} has changed since the last release, so its number must be above {Number(before[path])}."));
    }

    [Theory]
    [InlineData("-- definition 3\nSELECT 1", "-- definition 3\nSELECT 2", true)]
    [InlineData("-- definition 3\nSELECT 1", "-- definition 2\nSELECT 2", true)]
    [InlineData("-- definition 3\nSELECT 1", "-- definition 4\nSELECT 2", false)]
    [InlineData("-- definition 3\nSELECT 1", "-- definition 3\nSELECT 1", false)]
    [InlineData("-- definition 3\nSELECT 1", null, false)] // Dropped by a migration.
    public void A_changed_text_without_a_higher_number_is_found(string before, string? now, bool isFound) => Assert.Equal(isFound, Misnumbered(before, now));

    private static bool IsFrozen(string path) =>
        path.StartsWith(Schema + "Tables/", StringComparison.Ordinal)
        || (path.StartsWith(Migrations, StringComparison.Ordinal) && path.EndsWith(".sql", StringComparison.Ordinal));

    private static bool IsDefinition(string path) => path.StartsWith(Schema + "Definitions/", StringComparison.Ordinal);

    private static bool Misnumbered(string before, string? now) => now is not null && now != before && Number(now) <= Number(before);

    private static int Number(string definition) =>
        int.Parse(definition.Split('\n', 2)[0].Split(' ')[^1], CultureInfo.InvariantCulture);

    private static string? Now(string path) =>
        File.Exists(RepositoryRoot.Combine(path)) ? File.ReadAllText(RepositoryRoot.Combine(path)).TrimEnd() : null;

    /// <summary>The SQL files of the previous release, by path.</summary>
    private static async Task<Dictionary<string, string>> ReleasedAsync()
    {
        string commit = (await File.ReadAllTextAsync(RepositoryRoot.Combine("tests", "previous-release"))).Trim();
        var files = new Dictionary<string, string>();
        foreach (string path in (await GitAsync("ls-tree", "-r", "--name-only", commit, Schema, Migrations)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            files.Add(path, await GitAsync("show", $"{commit}:{path}"));
        Assert.NotEmpty(files);
        return files;
    }

    private static async Task<string> GitAsync(params string[] arguments) =>
        (await ChildProcess.RunAsync("git", arguments, workingDirectory: RepositoryRoot.Path)).Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd();
}
