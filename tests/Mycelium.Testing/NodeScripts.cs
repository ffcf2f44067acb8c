namespace Mycelium.Testing;

/// <summary>Node scripts over public packages, in a folder of <c>tests</c>. The packages are installed when the first script runs.</summary>
public sealed class NodeScripts(string folder)
{
    private readonly string path = RepositoryRoot.Combine("tests", folder);
    private readonly Lazy<Task> installed = new(() => InstallAsync(RepositoryRoot.Combine("tests", folder)));

    /// <summary>graphql-http and graphql-ws, as published by their authors.</summary>
    public static NodeScripts Conformance { get; } = new("conformance");

    /// <summary>Apollo Client, urql and Relay.</summary>
    public static NodeScripts Clients { get; } = new("clients");

    /// <summary>graphql-codegen, graphql-eslint and graphql-inspector.</summary>
    public static NodeScripts SchemaTools { get; } = new("schema-tools");

    /// <summary>An SMTP server.</summary>
    public static NodeScripts Mail { get; } = new("mail");

    /// <summary>A browser driver.</summary>
    public static NodeScripts Browser { get; } = new("browser");

    /// <summary>Runs a script to its end and returns whether it succeeded, and what it printed.</summary>
    public async Task<(bool IsFine, string Output)> RunAsync(string script, params string[] arguments)
    {
        using ChildProcess node = await StartAsync(script, arguments);
        await node.WaitForExitAsync(TimeSpan.FromMinutes(2));
        return (node.ExitCode == 0, node.Output);
    }

    public async Task<ChildProcess> StartAsync(string script, params string[] arguments)
    {
        await installed.Value;
        return ChildProcess.Start("node", [script, .. arguments], workingDirectory: path);
    }

    private static async Task InstallAsync(string path)
    {
        // npm writes this file last, so that an interrupted installation is repeated.
        if (!File.Exists(Path.Combine(path, "node_modules", ".package-lock.json")))
            await ChildProcess.RunAsync("npm", ["ci"], workingDirectory: path);
    }
}
