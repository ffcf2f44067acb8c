namespace Mycelium.Testing;

/// <summary>Scripts of Node over public packages, in a folder of <c>tests</c>; the packages are installed when the first script is asked for.</summary>
public sealed class NodeScripts(string folder)
{
    private readonly string path = RepositoryRoot.Combine("tests", folder);
    private readonly Lazy<Task> installed = new(() => InstallAsync(RepositoryRoot.Combine("tests", folder)));

    /// <summary>graphql-http and graphql-ws, as their authors publish them.</summary>
    public static NodeScripts Conformance { get; } = new("conformance");

    public async Task<ChildProcess> StartAsync(string script, params string[] arguments)
    {
        await installed.Value;
        return ChildProcess.Start("node", [script, .. arguments], workingDirectory: path);
    }

    private static async Task InstallAsync(string path)
    {
        // npm writes this file last, so that an installation that was interrupted is done again.
        if (!File.Exists(Path.Combine(path, "node_modules", ".package-lock.json")))
            await ChildProcess.RunAsync("npm", ["ci"], workingDirectory: path);
    }
}
