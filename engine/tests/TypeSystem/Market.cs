using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

/// <summary>A small code-first schema that has one of everything.</summary>
internal static class Market
{
    public static GraphQLServerBuilder AddMarket(this IServiceCollection services) => services.AddGraphQLServer()
        .AddQueryType(typeof(MarketQuery))
        .AddMutationType(typeof(MarketMutation))
        .AddSubscriptionType(typeof(MarketFeed))
        .AddTypeExtension(typeof(StallType))
        .AddTypeExtension(typeof(OfficeType))
        .AddType<IRefusal>()
        .BindRuntimeType<Cents, DecimalType>()
        .AddTypeConverter<Cents, decimal>(cents => cents.Value / 100m)
        .AddTypeConverter<decimal, Cents>(amount => Cents.From((long)(amount * 100)))
        .RegisterPooledService(_ => new Ledger());

    public static Schema Schema() => Services().GetRequiredService<Schema>();

    public static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddMarket();
        services.AddSingleton<Clock>();
        return services.BuildServiceProvider();
    }
}

public readonly record struct StallId(long Value);

public readonly record struct Cents
{
    private Cents(long value) => Value = value;
    public long Value { get; }

    public static Cents From(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return new(value);
    }
}

/// <summary>How a stall is kept.</summary>
public enum StallState
{
    OpenNow,

    /// <summary>For good.</summary>
    Closed,

    [Obsolete("Use `CLOSED`.")]
    GPUOnly,
}

/// <summary>A stall with <c>goods</c>, see <see cref="Good"/>.</summary>
public sealed class Stall
{
    public StallId Id { get; init; }

    /// <summary>Its name on the sign.</summary>
    public string Name { get; init; } = "";

    public string? Motto { get; init; }
    public StallState State { get; init; }
    public IReadOnlyList<Good> Goods { get; init; } = [];
    public List<string?>? Notes { get; init; }
    public StallId? NeighbourId { get; init; }
    public DateTimeOffset OpenedAt { get; init; }

    [GraphQLIgnore]
    public string Secret { get; init; } = "";

    public Type Clr => typeof(Stall);
}

/// <summary>Something to buy.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Price">What it costs.</param>
public sealed record Good(string Title, Cents Price);

public interface IRefusal
{
    /// <summary>For people.</summary>
    string Message { get; }
}

public interface IBuyResult;

public sealed record Bought(Good Good, string? Note) : IBuyResult;

public sealed record SoldOut(string Title) : IBuyResult, IRefusal
{
    public string Message => $"{Title} is sold out.";
}

public sealed record TooDear(Cents Price) : IBuyResult, IRefusal
{
    string IRefusal.Message => "Too dear.";
}

/// <summary>What to buy.</summary>
public sealed record Buy(
    StallId StallId, string Title, int Count = 1, Cents? AtMost = null, IReadOnlyList<string>? Tags = null, Optional<string> Note = default);

[OneOf]
public sealed class StallByInput
{
    public StallId? Id { get; init; }
    public string? Name { get; init; }
}

public sealed record Office(string? Plan);

public sealed class Clock
{
    public DateTimeOffset Now { get; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.FromHours(1));
}

/// <summary>Stands for a database context: one for each field, disposed after it.</summary>
public sealed class Ledger : IDisposable
{
    public Ledger() => Made.Add(this);

    public static ConcurrentBag<Ledger> Made { get; } = [];
    public bool IsDisposed { get; private set; }

    public IEnumerable<string> Lines()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        yield return "opened";
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        yield return "closed";
    }

    public void Dispose() => IsDisposed = true;
}

[ObjectType<Stall>]
[ExtendObjectType<Stall>(IgnoreProperties = [nameof(Stall.Clr)])]
internal static class StallType
{
    [NodeResolver]
    public static Task<Stall?> GetStallAsync(StallId id, CancellationToken cancellation) =>
        Task.FromResult(MarketQuery.Stalls.SingleOrDefault(stall => stall.Id == id));

    /// <summary>How many goods there are.</summary>
    public static int GetGoodCount([Parent(nameof(Stall.Goods))] Stall stall) => stall.Goods.Count;

    public static string GetMotto([Parent] Stall stall) => stall.Motto ?? "none";

    [Authorize(Roles = ["farmer"])]
    public static string Takings() => "12.00";
}

internal static class MarketQuery
{
    public static IReadOnlyList<Stall> Stalls { get; } =
    [
        new()
        {
            Id = new StallId(1),
            Name = "North",
            State = StallState.OpenNow,
            Goods = [new("Apple", Cents.From(25))],
            NeighbourId = new StallId(2),
            OpenedAt = new(2026, 1, 31, 12, 0, 0, TimeSpan.FromHours(1)),
        },
        new() { Id = new StallId(2), Name = "South", State = StallState.Closed },
    ];

    /// <summary>One stall.</summary>
    /// <param name="by">Which one.</param>
    public static Stall? GetStall(StallByInput by) => Stalls.FirstOrDefault(stall => stall.Id == by.Id || stall.Name == by.Name);

    public static async IAsyncEnumerable<int> CountAsync(int to = 3)
    {
        for (int i = 1; i <= to; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    public static DateTimeOffset Now(Clock clock) => clock.Now;

    public static IEnumerable<string> LedgerLines(Ledger ledger) => ledger.Lines();

    [ID("Stall")]
    public static long FirstStallId() => 1;

    public static string? Viewer(ClaimsPrincipal user) => user.Identity?.Name;

    public static IRefusal? LastRefusal() => null;

    public static Office Office() => new("grow");
}

internal static class MarketMutation
{
    private static string Amount(Cents? cents) => cents is { } given ? (given.Value / 100m).ToString("0.00", CultureInfo.InvariantCulture) : "-";

    public static async Task<IBuyResult> BuyAsync(Buy input, CancellationToken cancellation)
    {
        await Task.Yield();
        if (input.Title != "Apple")
            return new SoldOut(input.Title);
        string note =
            $"{(input.Note.HasValue ? input.Note.Value ?? "null" : "not given")}, tags: {string.Join(", ", input.Tags ?? [])}, at most {Amount(input.AtMost)}";
        return new Bought(new Good(input.Title, Cents.From(25 * input.Count)), note);
    }
}

[Authorize]
[ObjectType<Office>]
internal static class OfficeType
{
    [AllowAnonymous]
    public static bool Open() => true;
}

internal static class MarketFeed
{
    [Subscribe(With = nameof(Changes))]
    public static Stall OnStallChanged([EventMessage] StallId changed) => MarketQuery.Stalls.Single(stall => stall.Id == changed);

    public static async IAsyncEnumerable<StallId> Changes(StallId[]? only)
    {
        foreach (Stall stall in MarketQuery.Stalls.Where(stall => only is null || only.Contains(stall.Id)))
        {
            await Task.Yield();
            yield return stall.Id;
        }
    }
}
