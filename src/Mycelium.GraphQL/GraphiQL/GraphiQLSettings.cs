namespace Mycelium.GraphQL.GraphiQL;

/// <summary>GraphiQL at <c>/graphql</c> for browsers: section <c>GraphiQL</c>.</summary>
public sealed class GraphiQLSettings
{
    public const string Section = "GraphiQL";

    /// <summary>
    /// By default on only in Development: a production server has callers, not explorers. GraphiQL shows nothing that its user could not
    /// query anyway.
    /// </summary>
    public bool? Enabled { get; set; }

    /// <summary>
    /// The folder with its files, as built by <c>npm run build</c> in <c>web/graphiql</c>. By default it is <c>graphiql</c> next to the
    /// application, as in the image, or the build's output folder in a checkout.
    /// </summary>
    public string Folder { get; set; } = "";

    /// <summary>The folder that contains the page; null if it has not been built.</summary>
    public string? Find(string contentRoot)
    {
        string[] folders = Folder.Length > 0
            ? [Folder]
            : [Path.Combine(AppContext.BaseDirectory, "graphiql"), Path.Combine(contentRoot, "..", "..", "web", "graphiql", "dist")];
        return folders.Select(Path.GetFullPath).FirstOrDefault(folder => File.Exists(Path.Combine(folder, GraphiQLSetup.Page)));
    }
}
