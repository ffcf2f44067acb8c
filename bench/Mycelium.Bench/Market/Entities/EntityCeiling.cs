using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Mycelium.Bench.Market.Entities;

/// <summary>
/// The same hand-written endpoints with EF Core at its best: pooled contexts without tracking, compiled queries, records with only the selected
/// values, and the JSON serializer.
/// </summary>
internal sealed class EntityCeiling(PooledDbContextFactory<MarketDb> databases)
{
    private static readonly JsonSerializerOptions json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Func<MarketDb, string, int, int, IAsyncEnumerable<MarketItem>> market =
        EF.CompileAsyncQuery((MarketDb db, string region, int multiplier, int quantity) =>
        db.Combinations.Where(one => one.Region == region && one.Multiplier == multiplier && one.QuantityAvailable >= quantity)
            .OrderBy(one => one.PricePerHour)
            .ThenBy(one => one.Id)
            .Take(50).Select(one => new MarketItem(
                one.Id, one.Multiplier, one.Cores, one.MemoryBytes, one.SsdBytes, one.QuantityAvailable,
                one.PricePerHour, one.PricePerMonth, one.Country, one.CountryCode, one.City,
                new MarketNode(one.Node.Id, one.Node.Status, one.Node.Certification, one.Node.Latitude, one.Node.Longitude),
                new FarmItem(one.Farm.Name, one.Farm.Certification, one.Farm.FreePublicIpCount))));

    private static readonly Func<MarketDb, long, Task<NodeItem?>> node = EF.CompileAsyncQuery((MarketDb db, long id) =>
        db.Nodes.Where(one => one.Id == id).Select(one => new NodeItem(
            one.Id, one.Status, one.Certification, one.Country, one.CountryCode, one.City, one.Latitude,
            one.Longitude, one.TotalCores, one.TotalMemoryBytes, one.UptimePercent,
            new FarmItem(one.Farm.Name, one.Farm.Certification, one.Farm.FreePublicIpCount),
            one.Combinations.OrderBy(slice => slice.Id).Select(slice => new NodeCombination(
                slice.Id, slice.Multiplier, slice.Cores, slice.MemoryBytes, slice.QuantityAvailable,
                slice.PricePerHour, slice.PricePerMonth)).ToList())).FirstOrDefault());

    private static readonly Func<MarketDb, IAsyncEnumerable<FarmWithNodes>> farms = EF.CompileAsyncQuery((MarketDb db) =>
        db.Farms.OrderBy(farm => farm.Id).Take(20).Select(farm => new FarmWithNodes(farm.Name, farm.Certification, new Page<FarmNode>(
            farm.Nodes.OrderBy(one => one.Id).Take(10).Select(one => new FarmNode(one.Id, one.Status, one.Country, one.City, one.Latitude, one.Longitude,
                one.Combinations.OrderBy(slice => slice.Id)
                    .Select(slice => new FarmCombination(slice.Multiplier, slice.QuantityAvailable, slice.PricePerHour))
                    .ToList())).ToList()))));

    public void Map(WebApplication app)
    {
        app.MapPost("/market", (RequestDelegate)MarketAsync);
        app.MapPost("/node", (RequestDelegate)NodeAsync);
        app.MapPost("/farms", (RequestDelegate)FarmsAsync);
    }

    private async Task MarketAsync(HttpContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        JsonElement variables = request.RootElement.GetProperty("variables");
        await using MarketDb db = databases.CreateDbContext();
        IAsyncEnumerable<MarketItem> found = market(
            db, QueryCase.StoredRegion(variables), variables.GetProperty("multiplier").GetInt32(), variables.GetProperty("quantity").GetInt32());
        await WriteAsync(context, new MarketAnswer(new Page<MarketItem>(await found.ToListAsync(context.RequestAborted))));
    }

    private async Task NodeAsync(HttpContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        await using MarketDb db = databases.CreateDbContext();
        await WriteAsync(context, new NodeAnswer(await node(db, request.RootElement.GetProperty("variables").GetProperty("gridId").GetInt64())));
    }

    private async Task FarmsAsync(HttpContext context)
    {
        await using MarketDb db = databases.CreateDbContext();
        await WriteAsync(context, new FarmsAnswer(new Page<FarmWithNodes>(await farms(db).ToListAsync(context.RequestAborted))));
    }

    private static Task WriteAsync<T>(HttpContext context, T data)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.BodyWriter, new Answer<T>(data), json, context.RequestAborted);
    }
}
