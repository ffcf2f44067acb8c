using System.Text.RegularExpressions;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;
using Snapshooter;
using Snapshooter.Core;
using Snapshooter.Core.Serialization;
using Snapshooter.Xunit;
using EngineSchema = Mycelium.GraphQL.Engine.TypeSystem.Schema;

namespace Mycelium.GraphQL.Tests.Schema;

[Collection(ApiCollection.Name)]
public sealed partial class SchemaTests(ApiHost host)
{
    /// <summary>A changed schema is accepted by <c>dotnet run --project src/Mycelium.GraphQL -- schema export --output schema.graphql</c>.</summary>
    [Fact]
    public void The_schema_file_is_current()
    {
        string served = SchemaPrinter.Print(host.Replica.Get<EngineSchema>());

        var serializer = new SnapshotSerializer(new GlobalSnapshotSettingsResolver());
        new SnapshotAssert(
            serializer, new ContractFile(), new SnapshotEnvironmentCleaner(new SnapshotFileHandler()),
            new JsonSnapshotComparer(new XunitAssert(), serializer), new JsonSnapshotFormatter(serializer))
            .AssertSnapshot(served, new SnapshotFullName("schema.graphql", RepositoryRoot.Combine("tests", "Mycelium.GraphQL.Tests", "Schema")), new MatchOptions());
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

    /// <summary>
    /// Clients and tools read the contract at src/Mycelium.GraphQL/schema.graphql. Snapshooter by itself looks for snapshots in <c>__snapshots__</c> alone, so it is
    /// told to read this one where it is, rather than keep a second copy. What the service serves instead is written to <c>__mismatch__</c> as usual.
    /// </summary>
    private sealed class ContractFile : SnapshotFileHandler, ISnapshotFileHandler
    {
        bool ISnapshotFileHandler.TryReadSnapshot(SnapshotFullName snapshotFullName, out string snapshotData)
        {
            snapshotData = File.ReadAllText(RepositoryRoot.Combine("src", "Mycelium.GraphQL", snapshotFullName.Filename));
            return true;
        }
    }
}
