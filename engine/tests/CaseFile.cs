using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests;

/// <summary>
/// A file of <c>Cases/</c>: a request that starts with a comment, its title; a line of dashes; the expected result. A line of equals signs separates
/// cases.
/// </summary>
public static class CaseFile
{
    public static TheoryData<string, string, string> Read(string chapter, string file)
    {
        string path = RepositoryRoot.Combine("engine", "tests", "Cases", chapter, file);
        var cases = new TheoryData<string, string, string>();
        foreach (string text in SplitAt('=', File.ReadAllText(path)))
        {
            string[] parts = [.. SplitAt('-', text)];
            if (parts.Length != 2)
                throw new FormatException($"{path}: a case has one line of dashes: {text}");
            string request = parts[0].TrimStart('\n');
            cases.Add(request.Split('\n')[0].TrimStart('#', ' '), request, parts[1].Trim('\n'));
        }
        return cases;
    }

    private static IEnumerable<string> SplitAt(char mark, string text)
    {
        var part = new List<string>();
        foreach (string line in text.Split('\n'))
        {
            if (line.Length < 5 || line.Any(character => character != mark))
            {
                part.Add(line);
                continue;
            }
            yield return string.Join('\n', part);
            part.Clear();
        }
        yield return string.Join('\n', part);
    }
}
