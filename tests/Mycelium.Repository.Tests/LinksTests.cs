using System.Text.RegularExpressions;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>Links between documents, and from documents to files, have a target.</summary>
public sealed partial class LinksTests
{
    [Fact]
    public void Every_relative_link_leads_to_a_file_and_its_heading()
    {
        IReadOnlyList<RepositoryFile> documents = RepositoryFiles.Under("", ".md");

        Assert.NotEmpty(documents);
        Findings.AssertNone(documents.SelectMany(DeadLinks));
    }

    [Theory]
    [InlineData("[a](docs/missing.md)")]
    [InlineData("[a](docs/glossary.md#no-such-heading)")]
    [InlineData("[a](#no-such-heading)")]
    [InlineData("[a](../outside.md)")]
    [InlineData("![picture](missing.png)")]
    [InlineData("[ref]: docs/missing.md")]
    public void A_dead_link_is_found(string line) => Assert.Single(DeadLinks(new("SAMPLE.md", $"# Sample\n\n{line}\n")));

    [Theory]
    [InlineData("[a](docs/glossary.md)")]
    [InlineData("[a](docs/)")]
    [InlineData("[a](docs/glossary.md#grids-and-their-machines)")]
    [InlineData("[a](#sample)")]
    [InlineData("[a](https://example.org/missing.md)")]
    [InlineData("`[a](docs/missing.md)`")]
    [InlineData("```\n[a](docs/missing.md)\n```")]
    public void A_link_with_a_target_is_not(string text) => Assert.Empty(DeadLinks(new("SAMPLE.md", $"# Sample\n\n{text}\n")));

    private static IEnumerable<string> DeadLinks(RepositoryFile document) =>
        from match in Link().Matches(WithoutCode(document.Text))
        let target = match.Groups["target"].Value
        where !Address().IsMatch(target) && !HasTarget(document, target)
        select $"{document.Path}: {target}";

    private static bool HasTarget(RepositoryFile document, string target)
    {
        string[] parts = target.Split('#', 2);
        if (parts[0].Length == 0)
            return Headings(document.Text).Contains(parts[1]);

        string folder = Path.GetDirectoryName(RepositoryRoot.Combine(document.Path))!;
        string path = Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(parts[0])));
        if (!path.StartsWith(RepositoryRoot.Path, StringComparison.Ordinal) || !Path.Exists(path))
            return false;
        return parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal) || Headings(File.ReadAllText(path)).Contains(parts[1]);
    }

    /// <summary>Anchors as GitHub makes them: lower case, punctuation dropped, spaces to hyphens.</summary>
    private static HashSet<string> Headings(string text) =>
        [.. Heading().Matches(text).Select(match => NotInAnchor().Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    private static string WithoutCode(string text) => CodeSpan().Replace(CodeBlock().Replace(text, ""), "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)[^)]*\)|^\[[^\]]+\]:\s*(?<target>\S+)", RegexOptions.Multiline)]
    private static partial Regex Link();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"^#{1,6}\s+(?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex CodeSpan();
}
