using System.Text.RegularExpressions;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;
using EngineSchema = Mycelium.GraphQL.Engine.TypeSystem.Schema;

namespace Mycelium.GraphQL.Tests.Schema;

[Collection(ApiCollection.Name)]
public sealed partial class SchemaTests(ApiHost host)
{
    /// <summary>The file is written anew by <c>dotnet run --project src/Mycelium.GraphQL -- schema export --output schema.graphql</c>.</summary>
    [Fact]
    public async Task The_schema_file_is_current()
    {
        string file = RepositoryRoot.Combine("src", "Mycelium.GraphQL", "schema.graphql");
        string mismatch = RepositoryRoot.Combine("src", "Mycelium.GraphQL", "__mismatch__", "schema.graphql");

        string served = SchemaPrinter.Print(host.Replica.Get<EngineSchema>());

        if (served == await File.ReadAllTextAsync(file))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(mismatch)!);
        await File.WriteAllTextAsync(mismatch, served);
        Assert.Fail($"schema.graphql is not what the service serves; that is in {mismatch}.");
    }

    [Fact]
    public void Who_owns_a_thing_is_shown_nowhere()
    {
        string served = SchemaPrinter.Print(host.Replica.Get<EngineSchema>());

        Assert.DoesNotMatch(Owner(), served);
        Assert.Matches(Owner(), "  farmerId: ID!"); // The pattern finds what it looks for.
    }

    [GeneratedRegex("^  (farmer|renter|owner)(Id)?[:(]", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Owner();
}
