using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;
using Xunit.Abstractions;

namespace Mycelium.GraphQL.Tests.Reading;

/// <summary>
/// The API allocates no more for a query, from the request's parameters to the bytes of the response, than <c>allocated-bytes.json</c> says, with
/// some slack: other work runs in the process, and the garbage collector counts whole buffers. The lowest of several runs counts.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class AllocationTests(ApiHost host, ITestOutputHelper output)
{
    private const double Slack = 1.25;
    private const int Runs = 7;
    private const int RequestsInRun = 40;

    private static readonly Dictionary<string, string> queries = new()
    {
        ["market"] =
            """
            { sliceCombinations(first: 50, where: { region: { eq: EUROPE }, quantityAvailable: { gte: 1 } }, order: [{ pricePerHour: ASC }]) {
              nodes { id multiplier cores memoryBytes pricePerHour pricePerMonth country city
                gridNode { gridId status certification latitude } farm { name certification } } } }
            """,
        ["node"] = "{ gridNode(gridId: 5) { gridId status country farm { name } sliceCombinations { id multiplier pricePerHour } } }",
        ["farms"] = "{ farms(first: 5) { nodes { name gridNodes(first: 5) { nodes { gridId status sliceCombinations { multiplier pricePerHour } } } } } }",
    };

    [Theory]
    [InlineData("market")]
    [InlineData("node")]
    [InlineData("farms")]
    public async Task A_query_allocates_no_more_than_before(string name)
    {
        string file = RepositoryRoot.Combine("tests", "Mycelium.GraphQL.Tests", "Reading", "allocated-bytes.json");
        long expected = JsonSerializer.Deserialize<Dictionary<string, long>>(await File.ReadAllTextAsync(file))![name];
        var answer = new ArrayBufferWriter<byte>(256 * 1024);
        await ExecuteAsync(name, answer, RequestsInRun); // Warms up plans, prepared statements and pools.

        long least = long.MaxValue;
        for (int run = 0; run < Runs; run++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await ExecuteAsync(name, answer, RequestsInRun);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / RequestsInRun);
        }

        output.WriteLine($"{name}: {least} bytes a request, {expected} in the baseline, {answer.WrittenCount} bytes of response");
        Assert.True(
            least <= expected * Slack,
            $"{name} allocates {least} bytes a request; the baseline is {expected}. Lower it, or say in the commit why it has to grow.");
    }

    private async Task ExecuteAsync(string name, ArrayBufferWriter<byte> answer, int count)
    {
        IRequestExecutor executor = host.Replica.Get<IRequestExecutor>();
        for (int i = 0; i < count; i++)
        {
            await using AsyncServiceScope scope = host.Replica.Services.CreateAsyncScope();
            using var result = (OperationResult)await executor.ExecuteAsync(new GraphQLRequest { Query = queries[name], Services = scope.ServiceProvider });
            answer.ResetWrittenCount();
            result.WriteTo(answer);
            Assert.Empty(result.Errors);
        }
    }
}
