using Mycelium.Testing;

namespace Mycelium.Repository.Tests;

/// <summary>A text file of the repository; <paramref name="Path"/> is relative to its root, with forward slashes.</summary>
internal sealed record RepositoryFile(string Path, string Text)
{
    public IEnumerable<(int Number, string Text)> Lines() => Text.Split('\n').Select((line, index) => (index + 1, line.TrimEnd('\r')));
}

/// <summary>The files that people wrote, without build output, downloads and files of one machine.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] skippedFolders =
        ["bin", "obj", ".git", ".local", ".vs", ".idea", "node_modules", "TestResults", "generated", "dist", "__mismatch__"];

    /// <summary>What ships: the service and the engine.</summary>
    public static IReadOnlyList<RepositoryFile> Sources(params string[] extensions) => [.. Under("src", extensions), .. Under("engine/src", extensions)];

    public static IReadOnlyList<RepositoryFile> Tests(params string[] extensions) => [.. Under("tests", extensions), .. Under("engine/tests", extensions)];

    public static IReadOnlyList<RepositoryFile> Under(string folder, params string[] extensions)
    {
        string start = folder.Length == 0 ? RepositoryRoot.Path : RepositoryRoot.Combine(folder);
        return [.. Paths(start)
            .Where(path => extensions.Length == 0 || extensions.Contains(System.IO.Path.GetExtension(path)))
            .Select(path => new RepositoryFile(System.IO.Path.GetRelativePath(RepositoryRoot.Path, path).Replace('\\', '/'), File.ReadAllText(path)))
            .OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Paths(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder)
                .Where(child => !skippedFolders.Contains(System.IO.Path.GetFileName(child)))
                .SelectMany(Paths));
}
