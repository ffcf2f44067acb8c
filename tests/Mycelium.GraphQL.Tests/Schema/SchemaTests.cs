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
    /// <summary>To accept a changed schema, run <c>dotnet run --project src/Mycelium.GraphQL -- schema export --output schema.graphql</c>.</summary>
    [Fact]
    public void The_schema_file_is_current()
    {
        string served = SchemaPrinter.Print(host.Replica.Get<EngineSchema>());

        var serializer = new SnapshotSerializer(new GlobalSnapshotSettingsResolver());
        new SnapshotAssert(
            serializer, new ContractFile(), new SnapshotEnvironmentCleaner(new SnapshotFileHandler()),
            new JsonSnapshotComparer(new XunitAssert(), serializer), new JsonSnapshotFormatter(serializer))
            .AssertSnapshot(
                served, new SnapshotFullName("schema.graphql", RepositoryRoot.Combine("tests", "Mycelium.GraphQL.Tests", "Schema")), new MatchOptions());
    }

    [Fact]
    public void Owners_are_not_exposed_anywhere()
    {
        string served = SchemaPrinter.Print(host.Replica.Get<EngineSchema>());

        Assert.DoesNotMatch(Owner(), served);
        Assert.Matches(Owner(), "  farmerId: ID!"); // The pattern finds what it looks for.
    }

    [GeneratedRegex("^  (farmer|renter|owner)(Id)?[:(]", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Owner();

    /// <summary>
    /// Clients and tools read the contract at src/Mycelium.GraphQL/schema.graphql. By default Snapshooter looks for snapshots only in
    /// <c>__snapshots__</c>, so this class makes it read the contract in place instead of a second copy. A schema that differs is
    /// written to <c>__mismatch__</c> as usual.
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
