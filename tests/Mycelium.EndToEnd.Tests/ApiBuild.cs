using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests;

/// <summary>The location of a built API.</summary>
/// <param name="Assembly">The file to run with <c>dotnet</c>.</param>
/// <param name="ContentRoot">The folder with its settings.</param>
public sealed record ApiBuild(string Assembly, string ContentRoot)
{
    /// <summary>The build configuration of the tests themselves.</summary>
    public static string Configuration { get; } = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>The API that was built with the tests.</summary>
    public static ApiBuild Current { get; } = In(RepositoryRoot.Path);

    public static ApiBuild In(string checkout)
    {
        string project = Path.Combine(checkout, "src", "Mycelium.GraphQL");
        return new(Path.Combine(project, "bin", Configuration, "net10.0", "Mycelium.GraphQL.dll"), project);
    }
}
