using System.Text.RegularExpressions;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>The code that a page shows is the code that the tests run: each of its JavaScript samples is a part of one of the files that the page links.</summary>
public sealed partial class SamplesTests
{
    [Fact]
    public void Samples_of_a_client_in_subscriptions_md_are_parts_of_the_files_that_it_links()
    {
        string page = File.ReadAllText(RepositoryRoot.Combine("docs", "subscriptions.md"));
        string chapter = page[page.IndexOf("## In a client\n", StringComparison.Ordinal)..];

        string[] samples = [.. Sample().Matches(chapter).Select(match => match.Groups["code"].Value)];
        string[] files = [.. Linked().Matches(chapter).Select(match => File.ReadAllText(RepositoryRoot.Combine("tests", "clients", match.Groups["file"].Value)))];

        Assert.True(samples.Length >= 5 && files.Length >= 2, "Fewer samples or files than there were: are they read as they should be?");
        Findings.AssertNone(NotIn(files, samples).Select(sample => $"docs/subscriptions.md shows what no linked file has:\n{sample}"));
        Assert.Contains(files[0], samples); // The whole of what a client needs.
    }

    [Theory]
    [InlineData("  one();\n  two();\n", false)]
    [InlineData("  one();\n", false)]
    [InlineData("  one();\n  three();\n", true)]
    [InlineData("ne();\n", true)]
    public void A_sample_that_differs_is_found(string sample, bool isFound) => Assert.Equal(isFound, NotIn(["start();\n  one();\n  two();\n"], [sample]).Any());

    private static IEnumerable<string> NotIn(string[] files, string[] samples) =>
        samples.Where(sample => !files.Any(file => $"\n{Unindented(file)}".Contains($"\n{Unindented(sample)}", StringComparison.Ordinal)));

    /// <summary>A page shows a part of a function at the margin.</summary>
    private static string Unindented(string code) => Indent().Replace(code, "");

    [GeneratedRegex("^ +", RegexOptions.Multiline)]
    private static partial Regex Indent();

    [GeneratedRegex("^```js\\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\]\(\.\./tests/clients/(?<file>[^)]+)\)")]
    private static partial Regex Linked();
}
