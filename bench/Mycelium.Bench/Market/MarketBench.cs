using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Market;

/// <summary>How close do queries come to hand-written endpoints?</summary>
internal static class MarketBench
{
    public static async Task RunAsync(BenchServers servers, BenchOptions options)
    {
        List<Side> sides = [.. await ByHandAsync(servers), Ours(servers)];
        foreach (QueryCase query in QueryCase.All.Where(query => options.Asks("market") || options.Asks(query.Name)))
            await QueryRounds.RunAsync(query, sides, servers, options);
    }

    /// <summary>The hand-written servers.</summary>
    public static async Task<List<Side>> ByHandAsync(BenchServers servers)
    {
        (string Name, string Side)[] byHand = [("by hand", Ceiling.ByHand), (
            "by hand, one plan", Ceiling.ByHandOnOurConnections), ("by hand, EF Core", Ceiling.WithEntities)];
        var sides = new List<Side>();
        foreach ((string name, string side) in byHand)
        {
            (Uri address, int id) = await servers.StartAsync(
                typeof(Ceiling).Assembly.Location, ["ceiling", "--side", side, "--postgres", servers.ConnectionString]);
            sides.Add(new Side(name, query => new Uri(address, query.Path), id));
        }
        return sides;
    }

    public static Side Ours(BenchServers servers) => new("ours", _ => new Uri(servers.Api, "/graphql"), servers.ApiProcessId);
}
