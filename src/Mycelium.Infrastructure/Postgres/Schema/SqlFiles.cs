using System.Reflection;

namespace Mycelium.Infrastructure.Postgres.Schema;

/// <summary>The SQL files of this folder, which the assembly carries.</summary>
internal static class SqlFiles
{
    private const string Root = "Mycelium.Infrastructure.Postgres.";
    private static readonly Assembly assembly = typeof(SqlFiles).Assembly;

    /// <summary>The names below a folder, with dots in place of slashes, in one order on every machine.</summary>
    public static IEnumerable<string> Below(string folder) => assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Root + folder, StringComparison.Ordinal))
        .Select(name => name[Root.Length..])
        .Order(StringComparer.Ordinal);

    public static string Read(string name)
    {
        using Stream file = assembly.GetManifestResourceStream(Root + name) ?? throw new InvalidOperationException($"The assembly holds no {Root}{name}.");
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
