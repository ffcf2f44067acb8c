using System.Globalization;
using Mycelium.Bench.Market;
using Mycelium.Bench.Servers;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Bench.Peers;

/// <summary>The peers, one process each. Their connections are like the product's: at most fifty, and one plan per statement.</summary>
internal static class PeerServers
{
    private static readonly string graphQLNet = RepositoryRoot.Combine(
        "bench", "peers", "graphql-net", "bin", "Release", "net10.0", "Mycelium.Bench.GraphQLNet.dll");

    public static async Task<IReadOnlyList<Side>> StartAsync(BenchServers servers) =>
    [
        await GraphQLNetAsync(servers, "GraphQL.NET, loaders", "loaders"),
        await GraphQLNetAsync(servers, "GraphQL.NET, projection", "projection"),
        await NodeAsync(servers, "Mercurius", "mercurius.js"),
        await NodeAsync(servers, "PostGraphile", "postgraphile.js") with { Body = query => PostGraphileQueries.Of(query) },
    ];

    private static async Task<Side> GraphQLNetAsync(BenchServers servers, string name, string reading) =>
        Peer(name, await servers.StartAsync(graphQLNet, ["--reading", reading, "--postgres", servers.ConnectionString + Ceiling.OurConnections]));

    private static async Task<Side> NodeAsync(BenchServers servers, string name, string script)
    {
        var database = new NpgsqlConnectionStringBuilder(servers.ConnectionString);
        return Peer(name, await servers.StartScriptAsync(RepositoryRoot.Combine("bench", "peers", "node", script), new()
        {
            ["NODE_ENV"] = "production",
            ["GRAPHILE_ENV"] = "production",
            ["PGHOST"] = database.Host,
            ["PGPORT"] = database.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = database.Username,
            ["PGDATABASE"] = database.Database,
            ["PGOPTIONS"] = Ceiling.SessionOptions,
        }));
    }

    private static Side Peer(string name, (Uri Address, int ProcessId) started) =>
        new(name, _ => new Uri(started.Address, "/graphql"), started.ProcessId) { IsPeer = true };
}
