using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Names;

/// <summary>Requests that several tests of names send.</summary>
internal static class Naming
{
    private const string Name = "id name grid status isRouted paid pricePerHour paidUntil releasedAt releaseReason rental { id }";

    public static string NewName() => $"web-{Guid.NewGuid():N}"[..20];

    public static Task<JsonElement> ReserveAsync(this Api renter, string name, string? rentalId, string key, string grid = "main") =>
        renter.MutateAsync("reserveName", new { name, rentalId, idempotencyKey = key, grid }, $"... on NameReserved {{ name {{ {Name} }} }}");

    public static Task<JsonElement> PointAsync(this Api renter, string? nameId, string? rentalId) =>
        renter.MutateAsync("pointName", new { nameId, rentalId }, $"... on NamePointed {{ name {{ {Name} }} }}");

    public static Task<JsonElement> ReleaseAsync(this Api renter, string? nameId) =>
        renter.MutateAsync("releaseName", new { nameId }, $"... on NameReleased {{ name {{ {Name} }} }}");

    public static string Nobodys => GlobalId.Encode("ReservedName", Guid.NewGuid());

    public static async Task<JsonElement> FindAsync(this Api renter, string? nameId) =>
        (await renter.DataAsync($"query($id: ID!) {{ node(id: $id) {{ ... on ReservedName {{ {Name} }} }} }}", new { id = nameId })).GetProperty("node");
}
