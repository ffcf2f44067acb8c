using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Reading;

/// <summary>How often a query goes to PostgreSQL and back, by the spans that the driver makes of it.</summary>
[Collection(ApiCollection.Name)]
public sealed class RoundTripTests(ApiHost host)
{
    [Theory]
    [InlineData("{ gridNode(gridId: 5) { gridId farm { name } } }", 1)]
    [InlineData("{ gridNode(gridId: 5) { gridId farm { name } sliceCombinations { id pricePerHour } } }", 1)]
    [InlineData("{ gridNode(gridId: 999999999) { gridId sliceCombinations { id } } }", 1)]
    [InlineData("{ farms(first: 2) { nodes { name gridNodes(first: 2) { nodes { gridId sliceCombinations { id } } } } } }", 3)]
    public async Task A_query_takes_so_many_round_trips(string query, int expected)
    {
        await ExecuteAsync(query); // Opens connections.
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var request = new Activity("request");
        request.Start();

        await ExecuteAsync(query);

        Assert.Equal(expected, spans.Count(span => span.TraceId == request.TraceId));
    }

    private async Task ExecuteAsync(string query)
    {
        await using AsyncServiceScope scope = host.Replica.Services.CreateAsyncScope();
        using var result = (OperationResult)await host.Replica.Get<IRequestExecutor>().ExecuteAsync(new GraphQLRequest { Query = query, Services = scope.ServiceProvider });
        Assert.Empty(result.Errors);
    }
}
