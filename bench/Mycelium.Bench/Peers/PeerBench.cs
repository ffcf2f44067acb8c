using Mycelium.Bench.Market;
using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Peers;

/// <summary>How do queries compare with other GraphQL servers over the same database?</summary>
internal static class PeerBench
{
    public static async Task RunAsync(BenchServers servers, BenchOptions options)
    {
        List<Side> sides = [.. await MarketBench.ByHandAsync(servers), .. await PeerServers.StartAsync(servers), MarketBench.Ours(servers)];
        foreach (QueryCase query in QueryCase.All)
            await QueryRounds.RunAsync(query, sides, servers, options);
    }
}
