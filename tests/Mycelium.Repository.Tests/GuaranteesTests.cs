using System.Text.RegularExpressions;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>Every test that docs/guarantees.md or docs/security.md names exists.</summary>
public sealed partial class GuaranteesTests
{
    private static readonly IReadOnlyList<RepositoryFile> tests = RepositoryFiles.Tests(".cs");

    [Theory]
    [InlineData("guarantees.md", 40)]
    [InlineData("security.md", 30)]
    public void Every_test_that_the_page_names_exists(string name, int atLeast)
    {
        string page = File.ReadAllText(Testing.RepositoryRoot.Combine("docs", name));

        Assert.True(Named().Count(page) >= atLeast, "The page names fewer tests than it did: does the pattern still match?");
        Findings.AssertNone(Missing(page).Select(missing => $"docs/{name} names {missing}, which does not exist."));
    }

    [Theory]
    [InlineData("`Rentals/CrowdTests.With_every_Redis_master_dead_it_is_the_same`", false)]
    [InlineData("`GuaranteesTests`", false)]
    [InlineData("`Rentals/CrowdTests.Nobody_rents`", true)]
    [InlineData("`Rentals/NoSuchTests`", true)]
    [InlineData("`Accounts/CrowdTests`", true)]
    public void A_test_that_does_not_exist_is_found(string text, bool isFound) => Assert.Equal(isFound, Missing(text).Any());

    private static IEnumerable<string> Missing(string text) =>
        from match in Named().Matches(text)
        let method = match.Groups["method"].Value
        where !tests.Any(file =>
            $"/{file.Path}".EndsWith($"/{match.Groups["class"].Value}.cs", StringComparison.Ordinal)
            && (method.Length == 0 || file.Text.Contains($" {method}(", StringComparison.Ordinal)))
        select match.Value;

    [GeneratedRegex(@"`(?<class>[\w/]*Tests)(\.(?<method>\w+))?`")]
    private static partial Regex Named();
}
