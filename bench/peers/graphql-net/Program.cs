using Npgsql;

namespace Mycelium.Bench.GraphQLNet;

/// <summary>
/// <c>--reading loaders|projection --postgres … --urls …</c>: the queries of the bench on GraphQL.NET at its best, with a cache of
/// documents and plain Npgsql below.
/// </summary>
internal static class Program
{
    public static async Task Main(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        await using var store = new Store(NpgsqlDataSource.Create(builder.Configuration["postgres"]!));
        IMarketReader reader = builder.Configuration["reading"] switch
        {
            "loaders" => new LoadingReader(store),
            "projection" => new ProjectingReader(store),
            var other => throw new ArgumentException($"--reading is loaders or projection, not {other}."),
        };
        var endpoint = new Endpoint(new MarketSchema(reader), store);
        WebApplication app = builder.Build();
        app.MapPost("/graphql", (RequestDelegate)endpoint.AnswerAsync);
        await app.RunAsync();
    }
}
