using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>How long the response of a persisted query may be cached: decided by what it selects, before it runs.</summary>
public sealed class CacheControlTests
{
    private readonly ServiceProvider services = Services();

    [Theory]
    [InlineData("{ harbours { name } }", 60)]
    [InlineData("{ __typename harbours { __typename name } }", 60)]
    [InlineData("{ harbours { name ships { name } } }", 60)]
    [InlineData("{ harbours { tide } }", 5)]
    [InlineData("{ harbours { ...F } } fragment F on Harbour { name ... on Harbour { tide } }", 5)]
    [InlineData("query ($no: Boolean = false) { harbours { name tide @include(if: $no) } }", 5)]
    [InlineData("{ typed { name } }", 30)]
    [InlineData("{ harbours { nearest { name } } }", 30)]
    [InlineData("{ harbours { berths } }", null)]
    [InlineData("{ harbours { mine } }", null)]
    [InlineData("{ harbours { guarded } }", null)]
    [InlineData("{ plain }", null)]
    [InlineData("{ harbours { name } plain }", null)]
    [InlineData("{ never { name } }", null)]
    [InlineData("{ __schema { queryType { name } } }", null)]
    [InlineData("{ __typename }", null)]
    [InlineData("{ named { name } }", 60)]
    [InlineData("{ named { name secret } }", null)]
    [InlineData("{ fails { name } }", null)]
    public async Task A_response_may_be_cached_for_the_shortest_time_of_its_fields(string text, int? seconds)
    {
        TimeSpan? age = await PublicMaxAgeAsync(text);

        Assert.Equal(seconds is { } some ? TimeSpan.FromSeconds(some) : null, age);
    }

    [Fact]
    public async Task A_text_in_the_request_is_not_stored()
    {
        using var result = (OperationResult)await Executor.ExecuteAsync(new GraphQLRequest { Query = "{ harbours { name } }", Services = services });

        Assert.True(result.HasData);
        Assert.Null(result.PublicMaxAge);
    }

    [Fact]
    public void The_schema_contains_it() => Assert.Contains(
        "harbours: [Harbour!]! @cacheControl(maxAge: 60)", SchemaPrinter.Print(Executor.Schema), StringComparison.Ordinal);

    private IRequestExecutor Executor => services.GetRequiredService<IRequestExecutor>();

    private async Task<TimeSpan?> PublicMaxAgeAsync(string text)
    {
        await using ServiceProvider own = Services(KeyValuePair.Create("it", text));
        using var result = (OperationResult)await own.GetRequiredService<IRequestExecutor>().ExecuteAsync(new GraphQLRequest
        {
            DocumentId = "it",
            Services = own,
            User = TypeSystem.Running.SignedIn(),
        });
        Assert.True(result.HasData, TestEngine.Text(result));
        return result.PublicMaxAge;
    }

    private static ServiceProvider Services(params KeyValuePair<string, string>[] documents)
    {
        var services = new ServiceCollection();
        services.AddGraphQLServer().AddCacheControl().AddQueryType(typeof(HarbourQuery)).AddTypeExtension(typeof(HarbourType)).AddType<IHasName>()
            .AddType<Typed>()
            .AddOperationDocumentStorage(new OperationDocumentList(documents));
        return services.BuildServiceProvider();
    }

    [InterfaceType]
    public interface IHasName
    {
        string Name { get; }
        string Secret { get; }
    }

    [GraphQLName("Harbour")]
    public sealed record Harbour(string Name, string Secret) : IHasName;

    public sealed record Ship(string Name);

    [CacheControl(30)]
    public sealed record Typed(string Name);

    public static class HarbourQuery
    {
        [CacheControl(60)]
        public static IReadOnlyList<Harbour> GetHarbours() => [new("Ostend", "")];

        [CacheControl(60)]
        public static IHasName GetNamed() => new Harbour("Ostend", "");

        [CacheControl(0)]
        public static Harbour GetNever() => new("Ostend", "");

        [CacheControl(60)]
        public static Harbour? GetFails() => throw new InvalidOperationException();

        public static Typed GetTyped() => new("Bruges");
        public static string GetPlain() => "plain";
    }

    [ExtendObjectType<Harbour>]
    public static class HarbourType
    {
        [CacheControl(InheritMaxAge = true)]
        public static IReadOnlyList<Ship> GetShips() => [new("Mercator")];

        [CacheControl(5)]
        public static int GetTide() => 3;

        public static Typed GetNearest() => new("Bruges");

        /// <summary>A resolver without a hint.</summary>
        public static int GetBerths() => 7;

        [CacheControl(60, Scope = CacheControlScope.Private)]
        public static int GetMine() => 1;

        [Authorize]
        [CacheControl(60)]
        public static int GetGuarded() => 1;

        [CacheControl(Scope = CacheControlScope.Private)]
        public static string GetSecret() => "";
    }
}
