using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>A project that is not in the solution is neither built nor tested.</summary>
public sealed class SolutionTests
{
    [Fact]
    public void Every_project_is_in_the_solution() =>
        Findings.AssertNone(Missing(RepositoryFiles.Under("", ".csproj"), RepositoryFiles.Under("", ".sln").Single()));

    [Fact]
    public void A_project_that_is_missing_is_found() =>
        Assert.Equal(
            ["src/B/B.csproj"],
            Missing([new("src/A/A.csproj", ""), new("src/B/B.csproj", "")], new("X.sln", """Project("{}") = "A", "src\A\A.csproj", "{}" """)));

    private static IEnumerable<string> Missing(IEnumerable<RepositoryFile> projects, RepositoryFile solution)
    {
        string text = solution.Text.Replace('\\', '/');
        return projects.Select(project => project.Path).Where(path => !text.Contains($"\"{path}\"", StringComparison.Ordinal));
    }
}
