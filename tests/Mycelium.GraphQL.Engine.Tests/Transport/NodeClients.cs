using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>The public clients in <c>tests/conformance</c>, installed when they are first asked for.</summary>
internal static class NodeClients
{
    private static readonly string Folder = RepositoryRoot.Combine("tests", "conformance");
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    public static async Task<ChildProcess> StartAsync(string script, params string[] arguments)
    {
        await Installed.Value;
        return ChildProcess.Start("node", [script, .. arguments], workingDirectory: Folder);
    }

    /// <summary>Runs a script to its end and returns the JSON of each line that it printed.</summary>
    public static async Task<IReadOnlyList<JsonElement>> RunAsync(string script, params string[] arguments)
    {
        using ChildProcess node = await StartAsync(script, arguments);
        return await ReadToEndAsync(node);
    }

    public static async Task<IReadOnlyList<JsonElement>> ReadToEndAsync(ChildProcess node)
    {
        await node.WaitForExitAsync(TimeSpan.FromSeconds(60));
        Assert.True(node.ExitCode == 0, node.Output);
        return [.. node.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private static async Task InstallAsync()
    {
        // npm writes this file last, so that an installation that was interrupted is done again.
        if (!File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
            await ChildProcess.RunAsync("npm", ["ci"], workingDirectory: Folder);
    }
}
