using System.Globalization;
using Mycelium.Bench.Documents;
using Mycelium.Bench.FanOut;
using Mycelium.Bench.Grids;
using Mycelium.Bench.Market;
using Mycelium.Bench.Peers;
using Mycelium.Bench.Rentals;
using Mycelium.Bench.Servers;

namespace Mycelium.Bench;

/// <summary>
/// <c>--seconds 4 --rounds 3 [--only
/// market|q1|q2|q3|peers|start|growth|grids|allocations|documents|rent|instant|fanout[-one|-every|-pace|-storm]|hold] [--pace 100]</c> measures and
/// prints Markdown. <c>ceiling --urls … --postgres …</c> is the hand-written server that the market query is compared with. <c>broadcaster
/// --urls …</c> is the one for fan-out.
/// </summary>
internal static class Program
{
    public static async Task Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture; // Figures in tables have a point.
        if (args is ["ceiling", .. string[] settings])
        {
            await Ceiling.CreateApp(settings).RunAsync();
            return;
        }
        if (args is ["broadcaster", .. string[] addresses])
        {
            await Broadcaster.CreateApp(addresses).RunAsync();
            return;
        }

        BenchOptions options = BenchOptions.From(new ConfigurationBuilder().AddCommandLine(args).Build());
        if (options.Only is "documents")
            ParseBench.Run(); // Before other servers are running.
        if (options.Only is "instant") // On a server of its own.
        {
            await InstantBench.RunAsync(options);
            return;
        }
        await using BenchServers servers = await BenchServers.StartAsync();
        if (options.Only is "hold")
            await Hold.RunAsync(servers);
        if (options.Only is null or "market" or "q1" or "q2" or "q3")
            await MarketBench.RunAsync(servers, options);
        if (options.Only is "peers") // Needs Node.js and its packages.
            await PeerBench.RunAsync(servers, options);
        if (options.Only is null or "start")
            await StartBench.RunAsync(servers, options);
        if (options.Only is "growth") // Fills the database with 100 times the market: 3 GB.
            await GrowthBench.RunAsync(servers);
        if (options.Only is "grids") // A million nodes: 6 GB.
            await GridsBench.RunAsync(servers, options);
        if (options.Only is "allocations")
            Allocations.Print(servers);
        if (options.Only is "documents") // Takes a minute.
            await SoakBench.RunAsync(servers, options);
        if (options.Only is null or "rent")
            await RentBench.RunAsync(servers, options);
        if (options.Only is null || options.Only.StartsWith("fanout", StringComparison.Ordinal))
            await FanOutBench.RunAsync(servers, options);
    }
}
