using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Mycelium.Bench.Market.Entities;
using Npgsql;

namespace Mycelium.Bench.Market;

/// <summary>
/// The fastest server for each query that one would write by hand in ASP.NET Core: one round trip of prepared statements with Npgsql, and
/// rows directly into the response. It serves only these requests and checks nothing.
/// </summary>
internal static class Ceiling
{
    /// <summary>Plain statements with PostgreSQL's default settings: it may plan a statement again for each request.</summary>
    public const string ByHand = "by-hand";

    /// <summary>The same on connections like the product's, which keep one plan per statement and are not reset.</summary>
    public const string ByHandOnOurConnections = "by-hand-one-plan";

    /// <summary>EF Core on such connections.</summary>
    public const string WithEntities = "entities";

    /// <summary>The same number of connections and prepared statements as the product.</summary>
    private const string Pool = ";Maximum Pool Size=50;Max Auto Prepare=200;Auto Prepare Min Usages=2";

    private const string OnePlan = $";No Reset On Close=true;Options={SessionOptions}";

    /// <summary>The session settings of the product's connections for lists.</summary>
    public const string SessionOptions = "-c jit=off -c plan_cache_mode=force_generic_plan";

    /// <summary>The addition to a connection string for connections like the product's.</summary>
    public const string OurConnections = Pool + OnePlan;

    private const string Sql = """
        SELECT c.id, c.multiplier, c.cores, c.memory_bytes, c.ssd_bytes, c.quantity_available, c.price_per_hour, c.price_per_month,
               c.country, c.country_code, c.city, n.id, n.status, n.certification, n.latitude, n.longitude, f.name, f.certification, f.free_public_ip_count
        FROM slice_combinations AS c JOIN nodes AS n ON n.id = c.node_id JOIN farms AS f ON f.id = c.farm_id
        WHERE c.region = $1 AND c.multiplier = $2 AND c.quantity_available >= $3
        ORDER BY c.price_per_hour, c.id
        LIMIT 50
        """;

    public static WebApplication CreateApp(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        NpgsqlDataSource database = NpgsqlDataSource.Create(
            builder.Configuration["postgres"] + (builder.Configuration["side"] is ByHand ? Pool : OurConnections));
        builder.Services.AddSingleton(database);
        WebApplication app = builder.Build();
        if (builder.Configuration["side"] is WithEntities)
        {
            new EntityCeiling(new(new DbContextOptionsBuilder<MarketDb>()
                .UseNpgsql(database)
                .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
                .EnableThreadSafetyChecks(false)
                .Options)).Map(app);
            return app;
        }
        app.MapPost("/market", (RequestDelegate)(context => AnswerAsync(context, database)));
        app.MapPost("/node", (RequestDelegate)(context => NodeCeiling.AnswerAsync(context, database)));
        app.MapPost("/farms", (RequestDelegate)(context => FarmsCeiling.AnswerAsync(context, database)));
        return app;
    }

    private static async Task AnswerAsync(HttpContext context, NpgsqlDataSource database)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        JsonElement variables = request.RootElement.GetProperty("variables");
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(context.RequestAborted);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = QueryCase.StoredRegion(variables) });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = variables.GetProperty("multiplier").GetInt32() });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = variables.GetProperty("quantity").GetInt32() });
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(context.RequestAborted);

        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, CeilingJson.Plain);
        json.WriteStartObject();
        json.WriteStartObject("data");
        json.WriteStartObject("sliceCombinations");
        json.WriteStartArray("nodes");
        while (await rows.ReadAsync(context.RequestAborted))
            CeilingRow.Write(json, rows);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
