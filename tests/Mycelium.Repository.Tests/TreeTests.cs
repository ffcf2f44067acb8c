using Mycelium.Testing;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>The tree that docs/architecture.md draws is the tree.</summary>
public sealed class TreeTests
{
    /// <summary>Folders of the root that are not drawn: settings of tools.</summary>
    private static readonly string[] notDrawn = [".ci", ".config"];

    [Fact]
    public void The_tree_in_the_documentation_is_the_tree()
    {
        string page = File.ReadAllText(RepositoryRoot.Combine("docs", "architecture.md"));
        string drawing = page.Split("```text\n", 2)[1].Split("```", 2)[0];

        Assert.Equal(Folders([.. RepositoryFiles.Under("").Select(file => file.Path)]), Drawn(drawing));
    }

    [Fact]
    public void A_drawing_is_read_with_its_continued_lines() => Assert.Equal(
        ["docs", "docs/adr", "src", "src/Host", "src/Host/Farms", "src/Host/Nodes", "src/Host/Rentals"],
        Drawn(
            """
            src/
              Host/   Farms Nodes
                      Rentals
            docs/     adr
            """));

    [Fact]
    public void Folders_of_code_are_found_two_levels_deep_below_projects_and_one_elsewhere() => Assert.Equal(
        ["docs", "docs/adr", "src", "src/Host", "src/Host/Nodes", "tests", "tests/Host.Tests"],
        Folders(["README.md", "src/Host/Nodes/Deep/A.cs", "docs/adr/0001.md", ".ci/run", "tests/Host.Tests/Nodes/B.cs"]));

    /// <summary>Top-level folders with what is in them; below <c>src</c> and <c>engine/src</c>, the folders of each project too.</summary>
    private static IEnumerable<string> Folders(IReadOnlyList<string> files) =>
        files.SelectMany(file =>
        {
            string[] steps = file.Split('/')[..^1];
            int depth = steps is ["src", ..] or ["engine", "src", ..] ? 3 : 2;
            return Enumerable.Range(1, Math.Min(depth, steps.Length)).Select(length => string.Join('/', steps[..length]));
        })
        .Where(folder => !notDrawn.Contains(folder.Split('/')[0]))
        .Distinct()
        .Order(StringComparer.Ordinal);

    /// <summary>A line names a folder by a slash at its end, then what is in it; a line that begins further right continues the one before.</summary>
    private static IEnumerable<string> Drawn(string drawing)
    {
        var folders = new List<string>();
        string top = "", current = "";
        foreach (string line in drawing.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            IEnumerable<string> children = words;
            if (words[0].EndsWith('/'))
            {
                bool isTop = line[0] != ' ';
                top = isTop ? words[0].TrimEnd('/') : top;
                current = isTop ? top : $"{top}/{words[0].TrimEnd('/')}";
                folders.Add(current);
                children = words.Skip(1);
            }
            folders.AddRange(children.Where(word => current is not ("engine/sample" or "engine/tests")).Select(word => $"{current}/{word}"));
        }
        return folders.Order(StringComparer.Ordinal);
    }
}
