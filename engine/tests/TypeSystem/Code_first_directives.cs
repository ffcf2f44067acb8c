using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

/// <summary>Attributes apply directives to every kind of definition; the schema keeps, prints and checks them.</summary>
public sealed class Code_first_directives
{
    private const string Definition = """
        "Marks."
        directive @mark(with: String! = "it") repeatable on SCHEMA | SCALAR | OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION
          | INTERFACE | UNION | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
        """;

    [Fact]
    public void A_directive_can_be_applied_to_every_definition_and_is_printed_there()
    {
        using ServiceProvider services = Services<MarkedQuery>(builder => builder.AddDirectives(Definition).AddSchemaDirective("@mark(with: \"schema\")"));

        string sdl = SchemaPrinter.Print(services.GetRequiredService<Schema>());

        string[] expected =
        [
            "schema @mark(with: \"schema\") {", "type Thing implements Named @mark(with: \"first\") @mark(with: \"second\") {",
            "  name: String! @mark(with: \"property\")",
            "of: WishInput! @mark(with: \"argument\")", "): Thing! @mark\n",
            "interface Named @mark(with: \"interface\") {", "union Any @mark(with: \"union\") = Thing",
            "enum Place @mark(with: \"enum\") {", "  HERE @mark(with: \"value\")", "input WishInput @mark(with: \"input\") {",
            "  text: String! @mark(with: \"parameter\")", "  note: String @mark(with: \"field\")", "scalar Marked @mark(with: \"scalar\")",
            "directive @mark(with: String! = \"it\") repeatable on SCHEMA",
        ];
        Assert.All(expected, line => Assert.Contains(line, sdl, StringComparison.Ordinal));
        Assert.Equal(sdl, SchemaPrinter.Print(SchemaBuilder.FromSdl(sdl).Build()));
    }

    [Theory]
    [InlineData("@mark", "Query.thing: the directive @mark is not defined.", null)]
    [InlineData("@mark(by: 1)", "Query.thing: the directive @mark has no argument by.", Definition)]
    [InlineData("@mark(with: 1)", "Query.thing: @mark: `with`: String takes a string, not 1.", Definition)]
    [InlineData("@mark", "Query.thing: the directive @mark may not stand on FIELD_DEFINITION.", "directive @mark on OBJECT")]
    [InlineData("@mark @mark", "Query.thing: the directive @mark is not repeatable.", "directive @mark on FIELD_DEFINITION")]
    [InlineData("mark", "Query.thing: mark is not a directive", Definition)]
    [InlineData("@mark", "schema: AddDirectives: line 1 defines no directive.", "scalar Mark")]
    [InlineData("@mark", "@mark: there is more than one directive with this name.", "directive @mark on OBJECT directive @mark on OBJECT")]
    public void A_directive_that_does_not_fit_its_definition_stops_the_service(string applied, string problem, string? definition)
    {
        var exception = Assert.Throws<SchemaException>(() =>
        {
            using ServiceProvider services = Services<PlainQuery>(builder =>
            {
                if (definition is not null)
                    builder.AddDirectives(definition);
            }, applied);
            services.GetRequiredService<Schema>();
        });

        Assert.Contains(exception.Problems, found => found.StartsWith(problem, StringComparison.Ordinal));
    }

    private static readonly AsyncLocal<string?> Applied = new();

    private static ServiceProvider Services<TQuery>(Action<GraphQLServerBuilder> configure, string? applied = null)
    {
        Applied.Value = applied;
        var services = new ServiceCollection();
        configure(services.AddGraphQLServer().AddQueryType<TQuery>().AddType<INamed>().BindRuntimeType<Marked, MarkedType>());
        return services.BuildServiceProvider();
    }

    /// <summary>The directive differs from test to test.</summary>
    private sealed class VariedAttribute : AppliedDirectiveAttribute
    {
        protected internal override string Syntax => Applied.Value!;
    }

    private sealed class PlainQuery
    {
        [Varied]
        public static int Thing() => 1;
    }

    private sealed class MarkedQuery
    {
        [Directive("@mark")]
        public static Thing GetThing([Directive("@mark(with: \"argument\")")] Wish of, Place at = Place.Here) => new($"{of.Text} {at}", new Marked(1));

        public static IAny? Any() => null;
    }

    [Directive("@mark(with: \"interface\")")]
    [InterfaceType("Named")]
    public interface INamed
    {
        string Name { get; }
    }

    [Directive("@mark(with: \"union\")")]
    [UnionType("Any")]
    public interface IAny;

    [Directive("@mark(with: \"first\")"), Directive("@mark(with: \"second\")")]
    public sealed record Thing([property: Directive("@mark(with: \"property\")")] string Name, Marked Marked) : INamed, IAny;

    [Directive("@mark(with: \"input\")")]
    public sealed record Wish([Directive("@mark(with: \"parameter\")")] string Text)
    {
        [Directive("@mark(with: \"field\")")]
        public string? Note { get; init; }
    }

    [Directive("@mark(with: \"enum\")")]
    public enum Place
    {
        [Directive("@mark(with: \"value\")")]
        Here,
    }

    public readonly record struct Marked(long Value);

    [Directive("@mark(with: \"scalar\")")]
    public sealed class MarkedType() : ScalarType<long>("Marked")
    {
        public override object ParseLiteral(ValueNode literal) =>
            literal is IntValueNode number ? long.Parse(number.Value, CultureInfo.InvariantCulture) : throw Refuse(literal, "a number");

        public override object ParseJson(JsonElement json) => json.GetInt64();

        protected override void WriteValue(Utf8JsonWriter writer, long value) => writer.WriteNumberValue(value);

        protected override ValueNode ToLiteralValue(long value) => new IntValueNode(default, value.ToString(CultureInfo.InvariantCulture));
    }
}
