using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Schema;

/// <summary>Tools that frontends build with accept the schema without complaints.</summary>
public sealed class SchemaToolsTests
{
    private static readonly string schema = RepositoryRoot.Combine("src", "Mycelium.GraphQL", "schema.graphql");
    private static readonly string inspector = Path.Combine("node_modules", "@graphql-inspector", "cli", "cjs", "index.js");

    [Fact]
    public async Task graphql_eslint_reports_nothing()
    {
        (bool isFine, string complaints) = await NodeScripts.SchemaTools.RunAsync("lint.js", schema);

        Assert.True(isFine, complaints);
        Assert.Equal("", complaints);
    }

    [Fact]
    public async Task graphql_eslint_reports_a_bad_schema()
    {
        string bad = Write("type Query { Wrong_name: String }\n");

        (_, string complaints) = await NodeScripts.SchemaTools.RunAsync("lint.js", bad);

        string[] rules =
            [.. complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line).GetProperty("ruleId").GetString()!)];
        Assert.Contains("@graphql-eslint/naming-convention", rules);
        Assert.Contains("@graphql-eslint/require-description", rules);
    }

    [Fact]
    public async Task graphql_codegen_generates_types_that_a_frontend_compiles_with()
    {
        (bool isFine, string complaints) = await NodeScripts.SchemaTools.RunAsync("codegen.js", schema, "program.ts");
        Assert.True(isFine, complaints);

        // The same program no longer compiles when the schema loses what it uses.
        string changed = Write(
            (await File.ReadAllTextAsync(schema)).Replace("quantityAvailable: Int!", "quantityAvailable: Boolean!", StringComparison.Ordinal));
        (bool isStillFine, string found) = await NodeScripts.SchemaTools.RunAsync("codegen.js", changed, "program.ts");
        Assert.False(isStillFine);
        Assert.Contains("Type 'boolean' is not assignable to type 'number'", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task graphql_inspector_accepts_the_operations_of_a_frontend_and_finds_no_change()
    {
        (bool isValid, string complaints) = await NodeScripts.SchemaTools.RunAsync(inspector, "validate", "operations.graphql", schema);
        (bool isSame, string changes) = await NodeScripts.SchemaTools.RunAsync(inspector, "diff", schema, schema);
        string smaller = Write((await File.ReadAllTextAsync(schema)).Replace("  uptimePercent: Float\n", "", StringComparison.Ordinal));
        (bool isSmallerSame, string loss) = await NodeScripts.SchemaTools.RunAsync(inspector, "diff", schema, smaller);

        Assert.True(isValid, complaints);
        Assert.True(isSame, changes);
        Assert.Contains("No changes detected", changes, StringComparison.Ordinal);
        Assert.False(isSmallerSame, loss);
    }

    [Fact]
    public async Task The_Relay_compiler_accepts_connections_nodes_and_refetchable_fragments()
    {
        (bool isFine, string complaints) = await NodeScripts.Clients.RunAsync("relay.js", "compile");

        Assert.True(isFine, complaints);
    }

    private static string Write(string sdl)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("schema-").FullName, "schema.graphql");
        File.WriteAllText(path, sdl);
        return path;
    }
}
