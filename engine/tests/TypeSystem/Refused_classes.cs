using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

/// <summary>A class that cannot be part of a schema stops the service at startup, with the place and a way to fix it.</summary>
public sealed class Refused_classes
{
    [Fact]
    public void A_tuple_has_no_name_in_the_schema()
    {
        Assert.Equal(["Query.pair: ValueTuple<Int32, Int32> is a tuple, which has no name in the schema: declare a record."], Problems<TupleQuery>());
    }

    [Fact]
    public void A_field_must_return_a_value()
    {
        Assert.Equal(["Query.nothing: NothingQuery.Nothing returns nothing; a field needs a value."], Problems<NothingQuery>());
    }

    [Fact]
    public void A_dictionary_has_no_type()
    {
        Assert.Equal(
            ["Query.map: Dictionary<String, Int32> has no GraphQL type: bind it to a scalar with BindRuntimeType, or hide the member with [GraphQLIgnore]."],
            Problems<DictionaryQuery>());
    }

    [Fact]
    public void An_argument_type_must_be_a_class_that_can_be_constructed()
    {
        Assert.Equal(["Query.of: (stream:) Stream is abstract, and an input needs a class or record that can be constructed."], Problems<StreamQuery>());
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        Assert.Equal(2, Problems<TwoProblemsQuery>().Count);
    }

    [Fact]
    public void Two_types_cannot_share_a_name()
    {
        string problem = Assert.Single(Problems<TwinQuery>());

        Assert.StartsWith("Query.b: Twin is the name of two types", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_subscription_must_declare_its_source()
    {
        Assert.Equal(
            ["Subscription.onNothing: no [Subscribe] says where its events come from."],
            Problems<GoodQuery>(builder => builder.AddSubscriptionType<SilentFeed>()));
    }

    [Fact]
    public void A_source_stream_may_not_use_a_service_that_ends_with_the_field()
    {
        string problem = Assert.Single(Problems<GoodQuery>(builder => builder.AddSubscriptionType<LendingFeed>().RegisterPooledService(_ => new Ledger())));

        Assert.Contains("outlives the services of one field", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_subscription_resumes_with_an_argument_that_it_has()
    {
        string problem = Assert.Single(Problems<GoodQuery>(builder => builder.AddSubscriptionType<ForgetfulFeed>()));

        Assert.Contains("[ResumesWith] names after", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_must_have_queries()
    {
        var services = new ServiceCollection();
        services.AddGraphQLServer();

        Assert.Throws<SchemaException>(() => services.BuildServiceProvider().GetRequiredService<Schema>());
    }

    private static IReadOnlyList<string> Problems<TQuery>(Action<GraphQLServerBuilder>? configure = null)
    {
        var services = new ServiceCollection();
        GraphQLServerBuilder builder = services.AddGraphQLServer().AddQueryType<TQuery>();
        configure?.Invoke(builder);
        return Assert.Throws<SchemaException>(() => services.BuildServiceProvider().GetRequiredService<Schema>()).Problems;
    }

    internal sealed class GoodQuery
    {
        public static int One() => 1;
    }

    internal sealed class TupleQuery
    {
        public static (int, int) Pair() => (1, 2);
    }

    internal sealed class NothingQuery
    {
        public static int One() => 1;
        public static void Nothing()
        {
        }
    }

    internal sealed class DictionaryQuery
    {
        public static Dictionary<string, int> Map() => [];
    }

    internal sealed class StreamQuery
    {
        public static int Of(Stream stream) => (int)stream.Length;
    }

    internal sealed class TwoProblemsQuery
    {
        public static (int, int) Pair() => (1, 2);
        public static Dictionary<string, int> Map() => [];
    }

    internal sealed class TwinQuery
    {
        public static First.Twin A() => new(1);
        public static Second.Twin B() => new(2);
    }

    internal static class First
    {
        public sealed record Twin(int Value);
    }

    internal static class Second
    {
        public sealed record Twin(int Value);
    }

    internal sealed class SilentFeed
    {
        public static int OnNothing() => 1;
    }

    internal sealed class LendingFeed
    {
        [Subscribe(With = nameof(Source))]
        public static int OnLine([EventMessage] int line) => line;

        public static IAsyncEnumerable<int> Source(Ledger ledger) => AsyncEnumerable.Range(0, ledger.Lines().Count());
    }

    internal sealed class ForgetfulFeed
    {
        [Subscribe(With = nameof(Source))]
        [ResumesWith("after")]
        public static int OnLine([EventMessage] int line) => line;

        public static IAsyncEnumerable<int> Source() => AsyncEnumerable.Range(0, 1);
    }
}
