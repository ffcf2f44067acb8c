using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Infrastructure;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Telemetry;

[Collection(ApiCollection.Name)]
public sealed class MetricsPageTests(ApiHost host)
{
    private static readonly string[] ourMeters = [MyceliumMeter.Name, InstrumentationSetup.SourceName];

    /// <summary>
    /// Compares the rows of docs/operations.md with the instruments of a replica that has rented, responded and notified a subscriber.
    /// </summary>
    [Fact]
    public async Task The_page_lists_every_metric_with_its_kind_unit_and_meaning()
    {
        using RedisServer redis = await RedisServer.StartAsync();
        await using Replica replica = host.StartReplica(("Coordination:Mode", "Redis"), ("Coordination:Masters", redis.Address));
        long node = await host.PublishAsync();
        Api renter = host.Client((await host.RenterAsync()).Token, replica.Address);
        using (Socket socket = await Socket.SubscribeAsync(renter, "subscription { onRentalChanged { __typename ... on ChangeEvent { reason } } }"))
        {
            await socket.NextAsync();
            await renter.RentAsync(host.Input(node));
            await socket.NextAsync();
        }

        Assert.Equal(Listed(), Published());
    }

    /// <summary>Rows such as <c>| `name` | counter | `unit` | meaning | attributes |</c>.</summary>
    private static string[] Listed() =>
    [
        .. File.ReadLines(RepositoryRoot.Combine("docs", "operations.md"))
            .SkipWhile(line => !line.StartsWith("| Metric |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => string.Join(" | ", cells[0].Trim('`'), cells[1], cells[2].Trim('`'), cells[3]))
            .Order(StringComparer.Ordinal),
    ];

    private static string[] Published()
    {
        HashSet<string> published = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ourMeters.Contains(instrument.Meter.Name))
                    published.Add(string.Join(" | ", instrument.Name, KindOf(instrument), instrument.Unit ?? "", instrument.Description));
            },
        };
        listener.Start(); // Reports every instrument that already exists in this process.
        return [.. published.Order(StringComparer.Ordinal)];
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => "counter",
        "UpDownCounter" or "ObservableUpDownCounter" => "up-down counter",
        "Gauge" or "ObservableGauge" => "gauge",
        "Histogram" => "histogram",
        string other => other,
    };
}
