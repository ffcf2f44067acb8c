using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.Tests.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Introspection;

public sealed class Introspection_answers : IDisposable
{
    private readonly ServiceProvider services;

    public Introspection_answers()
    {
        var collection = new ServiceCollection();
        collection.AddSingleton(SchemaBuilder.FromSdl(""""
            """Of tests."""
            schema { query: Root }
            directive @mark(a: Int, b: Int @deprecated) repeatable on FIELD | OBJECT
            type Root implements Named {
              name: String!
              old(gone: Int @deprecated, kept: [Int!]! = [1]): Int @deprecated(reason: "New.")
              pick(of: Pick): Any
              colour: Colour
            }
            interface Named { name: String! }
            union Any = Root
            enum Colour { RED BLUE @deprecated }
            input Pick @oneOf { a: String b: Instant }
            scalar Instant @specifiedBy(url: "https://example.com/instant")
            """").Build());
        collection.AddGraphQLExecution();
        services = collection.BuildServiceProvider();
    }

    public void Dispose() => services.Dispose();

    [Theory]
    [InlineData("{ __schema { description queryType { name } mutationType { name } subscriptionType { name } } }",
        """{"__schema":{"description":"Of tests.","queryType":{"name":"Root"},"mutationType":null,"subscriptionType":null}}""")]
    [InlineData("{ __schema { directives { name isRepeatable locations } } }",
        """
        {"__schema":{"directives":[{"name":"skip","isRepeatable":false,"locations":["FIELD","FRAGMENT_SPREAD","INLINE_FRAGMENT"]},
        {"name":"include","isRepeatable":false,"locations":["FIELD","FRAGMENT_SPREAD","INLINE_FRAGMENT"]},
        {"name":"deprecated","isRepeatable":false,"locations":["FIELD_DEFINITION","ARGUMENT_DEFINITION","INPUT_FIELD_DEFINITION","ENUM_VALUE"]},
        {"name":"specifiedBy","isRepeatable":false,"locations":["SCALAR"]},{"name":"oneOf","isRepeatable":false,"locations":["INPUT_OBJECT"]},
        {"name":"mark","isRepeatable":true,"locations":["FIELD","OBJECT"]}]}}
        """)]
    [InlineData("{ __type(name: \"Root\") { kind interfaces { name } possibleTypes { name } fields { name } all: fields(includeDeprecated: true) { "
        + "name isDeprecated deprecationReason } } }",
        """
        {"__type":{"kind":"OBJECT","interfaces":[{"name":"Named"}],"possibleTypes":null,"fields":[{"name":"name"},{"name":"pick"},{"name":"colour"}],
        "all":[{"name":"name","isDeprecated":false,"deprecationReason":null},{"name":"old","isDeprecated":true,"deprecationReason":"New."},
        {"name":"pick","isDeprecated":false,"deprecationReason":null},{"name":"colour","isDeprecated":false,"deprecationReason":null}]}}
        """)]
    [InlineData("{ __type(name: \"Root\") { fields(includeDeprecated: true) { args { name defaultValue type { kind name ofType { kind ofType { kind "
        + "ofType { kind name } } } } } all: args(includeDeprecated: true) { name } } } }",
        """
        {"__type":{"fields":[{"args":[],"all":[]},{"args":[{"name":"kept","defaultValue":"[1]","type":{"kind":"NON_NULL","name":null,
        "ofType":{"kind":"LIST","ofType":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Int"}}}}}],"all":[{"name":"gone"},{"name":"kept"}]},
        {"args":[{"name":"of","defaultValue":null,"type":{"kind":"INPUT_OBJECT","name":"Pick","ofType":null}}],"all":[{"name":"of"}]},{"args":[],"all":[]}]}}
        """)]
    [InlineData(
        "{ __type(name: \"Named\") { kind possibleTypes { name } interfaces { name } } }",
        """{"__type":{"kind":"INTERFACE","possibleTypes":[{"name":"Root"}],"interfaces":[]}}""")]
    [InlineData(
        "{ __type(name: \"Any\") { kind possibleTypes { name } fields { name } interfaces { name } } }",
        """{"__type":{"kind":"UNION","possibleTypes":[{"name":"Root"}],"fields":null,"interfaces":null}}""")]
    [InlineData("{ __type(name: \"Colour\") { kind enumValues { name } all: enumValues(includeDeprecated: true) { name deprecationReason } } }",
        """{"__type":{"kind":"ENUM","enumValues":[{"name":"RED"}],"all":[{"name":"RED","deprecationReason":null},"""
            + """{"name":"BLUE","deprecationReason":"No longer supported"}]}}""")]
    [InlineData("{ __type(name: \"Pick\") { kind isOneOf inputFields { name isDeprecated } } }",
        """{"__type":{"kind":"INPUT_OBJECT","isOneOf":true,"inputFields":[{"name":"a","isDeprecated":false},{"name":"b","isDeprecated":false}]}}""")]
    [InlineData(
        "{ __type(name: \"Instant\") { kind specifiedByURL isOneOf } }",
        """{"__type":{"kind":"SCALAR","specifiedByURL":"https://example.com/instant","isOneOf":null}}""")]
    [InlineData("{ __type(name: \"Missing\") { kind } }", """{"__type":null}""")]
    [InlineData("{ __type(name: \"Float\") { kind } }", """{"__type":null}""")]
    [InlineData("{ __typename __schema { __typename } }", """{"__typename":"Root","__schema":{"__typename":"__Schema"}}""")]
    public async Task Introspection_returns_what_the_schema_contains(string query, string expected)
    {
        Assert.Equal($"{{\"data\":{expected.ReplaceLineEndings("")}}}", await services.RunAsync(query));
    }
}
