using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Reading;

/// <summary>The driver's spans for an operation: one for each round trip to PostgreSQL.</summary>
internal static class DriverSpans
{
    public static async Task<List<Activity>> OfAsync(ApiHost host, string query)
    {
        await ExecuteAsync(host, query); // Opens connections.
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

        await ExecuteAsync(host, query);

        return [.. spans.Where(span => span.TraceId == request.TraceId)];
    }

    /// <summary>Returns the statements of these spans.</summary>
    public static IEnumerable<string> Statements(this IEnumerable<Activity> spans) =>
        spans.SelectMany(span => span.TagObjects).Select(tag => tag.Value).OfType<string>()
            .Where(value => value.StartsWith("SELECT", StringComparison.Ordinal));

    private static async Task ExecuteAsync(ApiHost host, string query)
    {
        await using AsyncServiceScope scope = host.Replica.Services.CreateAsyncScope();
        using var result = (OperationResult)await host.Replica.Get<IRequestExecutor>().ExecuteAsync(
            new GraphQLRequest { Query = query, Services = scope.ServiceProvider });
        Assert.Empty(result.Errors);
    }
}
