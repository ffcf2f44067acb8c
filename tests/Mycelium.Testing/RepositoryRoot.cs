namespace Mycelium.Testing;

/// <summary>Finds files of the repository from wherever a test runs.</summary>
public static class RepositoryRoot
{
    /// <summary>The folder that holds <c>Mycelium.sln</c>.</summary>
    public static string Path { get; } = Find();

    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(at.FullName, "Mycelium.sln")))
                return at.FullName;
        }
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Mycelium.sln.");
    }
}
