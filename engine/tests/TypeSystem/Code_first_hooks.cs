using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

/// <summary>What a service can add to the binding of classes.</summary>
public sealed class Code_first_hooks : IDisposable
{
    private readonly ServiceProvider services;

    public Code_first_hooks()
    {
        var collection = new ServiceCollection();
        collection.AddAuthorizationCore(options => options.AddPolicy("adults", policy => policy.RequireClaim("age", "18")));
        collection.AddGraphQLServer()
            .AddQueryType<HookQuery>()
            .AddSubscriptionType<HookFeed>()
            .AddTypeExtension(typeof(ShapeExtension))
            .AddIdConverter<Code>("Ship", code => $"{code.Letters}-{code.Number}", Code.Parse)
            .AddParameterBinder(new ShoutBinder())
            .ModifyRequestOptions(options => options.ErrorCountMax = 1);
        services = collection.BuildServiceProvider();
    }

    public void Dispose() => services.Dispose();

    [Fact]
    public async Task A_registered_id_type_is_a_global_id_both_ways()
    {
        string id = NodeId.Encode("Ship", "NCC-1701");

        Assert.Equal(
            $$$"""{"data":{"next":"{{{NodeId.Encode("Ship", "NCC-1702")}}}"}}""",
            await services.RunAsync("query($id: ID!) { next(after: $id) }", new { id }));
        Assert.Contains(
            "BAD_USER_INPUT", await services.RunAsync("query($id: ID!) { next(after: $id) }", new { id = NodeId.Encode("Ship", "1701") }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_binder_gives_a_parameter_its_value()
    {
        Assert.Equal("""{"data":{"shout":"SHOUT"}}""", await services.RunAsync("{ shout }"));
    }

    [Fact]
    public async Task An_extension_of_an_interface_reaches_every_object_that_implements_it()
    {
        Assert.Equal(
            """{"data":{"shapes":[{"area":4,"doubled":8,"side":2},{"area":3,"doubled":6}]}}""",
            await services.RunAsync("{ shapes { area doubled ... on Square { side } } }"));
    }

    [Fact]
    public async Task Policies_are_those_of_ASP_NET_Core()
    {
        ClaimsPrincipal adult = new(new ClaimsIdentity([new Claim("age", "18")], "test"));

        Assert.Contains("FORBIDDEN", await services.RunAsync("{ bar }", user: Running.SignedIn()), StringComparison.Ordinal);
        Assert.Equal("""{"data":{"bar":"open"}}""", await services.RunAsync("{ bar }", user: adult));
    }

    [Fact]
    public async Task A_subscription_listens_to_the_topic_of_its_argument()
    {
        var sender = services.GetRequiredService<ITopicEventSender>();
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        var stream = (ResponseStream)await services.GetRequiredService<IRequestExecutor>().ExecuteAsync(
            new GraphQLRequest { Query = "subscription { onScore(game: 7) }", Services = scope.ServiceProvider });

        await sender.SendAsync("score-8", 1);
        await sender.SendAsync("score-7", 2);
        await sender.CompleteAsync("score-7");

        var heard = new List<string>();
        await foreach (OperationResult result in stream.ReadResultsAsync())
        {
            using (result)
                heard.Add(result.Text());
        }
        Assert.Equal(["""{"data":{"onScore":9}}"""], heard);
    }

    [Fact]
    public async Task State_of_the_request_reaches_resolvers_and_is_null_unless_set()
    {
        Assert.Equal("""{"data":{"tenant":null}}""", await services.RunAsync("{ tenant }"));
    }

    internal sealed class HookQuery
    {
        public static Code Next(Code after) => after with { Number = after.Number + 1 };

        public static string Shout([Shout] string text) => text;

        public static IReadOnlyList<IShape> Shapes() => [new Square(2), new Bar(3)];

        [Engine.CodeFirst.Authorize(Policy = "adults")]
        public static string Bar() => "open";

        public static string? Tenant([GlobalState] string? tenant) => tenant;
    }

    internal sealed class HookFeed
    {
        [Subscribe]
        [Topic("score-{game}")]
        public static int OnScore(int game, [EventMessage] int score) => score + game;
    }

    public readonly record struct Code(string Letters, int Number)
    {
        public static Code? Parse(string text) =>
            text.Split('-') is [var letters, var digits] && int.TryParse(digits, out int number) ? new Code(letters, number) : null;
    }

    public interface IShape
    {
        int Area { get; }
    }

    public sealed record Square(int Side) : IShape
    {
        public int Area => Side * Side;
    }

    public sealed record Bar(int Area) : IShape;

    [ExtendObjectType<IShape>]
    internal static class ShapeExtension
    {
        public static int Doubled([Parent] IShape shape) => 2 * shape.Area;
    }

    [AttributeUsage(AttributeTargets.Parameter)]
    internal sealed class ShoutAttribute : Attribute;

    private sealed class ShoutBinder : IParameterBinder
    {
        public bool CanBind(ParameterInfo parameter) => parameter.IsDefined(typeof(ShoutAttribute));
        public Func<ResolverContext, object?> Bind(ParameterInfo parameter) => context => context.Field.Name.ToUpperInvariant();
    }
}
