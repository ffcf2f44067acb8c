using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Schema commands of a service: <c>dotnet run -- schema export [--output file]</c>.</summary>
public static class SchemaCommands
{
    /// <summary>Runs the command in the arguments without starting the host. Without a command, runs the host until it is stopped.</summary>
    public static async Task<int> RunWithGraphQLCommandsAsync(this IHost host, string[] arguments)
    {
        if (!IsSchemaCommand(arguments))
        {
            await host.RunAsync();
            return 0;
        }
        switch (arguments)
        {
            case ["schema", "export"]:
                await Console.Out.WriteAsync(SchemaOf(host));
                return 0;
            case ["schema", "export", "--output" or "-o", var file]:
                await File.WriteAllTextAsync(file, SchemaOf(host));
                return 0;
            default:
                await Console.Error.WriteLineAsync("Usage: schema export [--output <file>]");
                return 2;
        }
    }

    /// <summary>Whether the arguments contain such a command, so that a service can skip what only a running host needs.</summary>
    public static bool IsSchemaCommand(string[] arguments) => arguments is ["schema", ..];

    private static string SchemaOf(IHost host) => SchemaPrinter.Print(host.Services.GetRequiredService<Schema>());
}
