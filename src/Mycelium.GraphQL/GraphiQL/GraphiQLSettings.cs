namespace Mycelium.GraphQL.GraphiQL;

/// <summary>GraphiQL at <c>/graphql</c> for browsers: section <c>GraphiQL</c>.</summary>
public sealed class GraphiQLSettings
{
    public const string Section = "GraphiQL";

    /// <summary>Unless set, on in Development alone: a production server has callers, not explorers. It shows no more than its user may ask for anyway.</summary>
    public bool? Enabled { get; set; }

    /// <summary>
    /// Where its files are, as <c>npm run build</c> in <c>web/graphiql</c> makes them. Unless set: <c>graphiql</c> beside the application, as in its image, or the
    /// folder that the build writes to in a checkout.
    /// </summary>
    public string Folder { get; set; } = "";

    /// <summary>The folder that holds the page; null when it has not been built.</summary>
    public string? Find(string contentRoot)
    {
        string[] places = Folder.Length > 0
            ? [Folder]
            : [Path.Combine(AppContext.BaseDirectory, "graphiql"), Path.Combine(contentRoot, "..", "..", "web", "graphiql", "dist")];
        return places.Select(Path.GetFullPath).FirstOrDefault(place => File.Exists(Path.Combine(place, GraphiQLSetup.Page)));
    }
}
