using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Telemetry;

[Collection(ApiCollection.Name)]
public sealed class TelemetryExportTests(ApiHost host)
{
    private const string Secret = "country-of-the-blind";

    [Fact]
    public async Task Traces_and_metrics_reach_the_collector_without_values_of_variables()
    {
        await using var collector = new OtlpCollector();
        string address = await collector.StartAsync();
        using RedisServer redis = await RedisServer.StartAsync();
        await using (Replica replica = host.StartReplica(
            ("Telemetry:OtlpEndpoint", address), ("Telemetry:OtlpProtocol", "http/protobuf"), ("Telemetry:Scopes", "All"),
            ("Coordination:Mode", "Redis"), ("Coordination:Masters", redis.Address)))
        {
            long node = await host.PublishAsync();
            await host.Client((await host.RenterAsync()).Token, replica.Address).RentAsync(host.Input(node));
            using var anyone = new Api(replica.Address);
            await anyone.DataAsync(
                "query Blind($where: FarmFilterInput) { farms(first: 1, where: $where) { nodes { name } } }",
                new { where = new { name = new { eq = Secret } } });
            using HttpResponseMessage got = await anyone.GetAsync(
                $"/graphql?query=query($a:FarmFilterInput){{farms(where:$a){{nodes{{name}}}}}}&variables={{\"a\":{{\"name\":{{\"eq\":\"{Secret}\"}}}}}}");
            Assert.True(got.IsSuccessStatusCode, await got.Content.ReadAsStringAsync());
        }

        // The host and its factory both stop the service, and the factory may return before the last export. Metrics are exported after traces.
        await Eventually.HoldsAsync(() => collector.Received("/v1/metrics").Length > 0, "the metrics are exported", TimeSpan.FromSeconds(20));
        string traces = collector.Received("/v1/traces");
        Assert.Contains("mycelium-api", traces, StringComparison.Ordinal);
        Assert.Contains("graphql.document.hash", traces, StringComparison.Ordinal);
        Assert.Contains("graphql.execute", traces, StringComparison.Ordinal);
        Assert.Contains("Blind", traces, StringComparison.Ordinal);
        string metrics = collector.Received("/v1/metrics");
        Assert.Contains("graphql.server.request.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("mycelium_lock_mode", metrics, StringComparison.Ordinal);
        Assert.Contains("dotnet.gc.collections", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, traces, StringComparison.Ordinal);
    }
}
