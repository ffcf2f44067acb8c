using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>The public clients in <c>tests/conformance</c>.</summary>
internal static class NodeClients
{
    public static Task<ChildProcess> StartAsync(string script, params string[] arguments) => NodeScripts.Conformance.StartAsync(script, arguments);

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
}
