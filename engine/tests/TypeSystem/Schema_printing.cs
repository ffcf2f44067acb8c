using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

public sealed class Schema_printing
{
    private const string Everything = """"
        """All there is."""
        schema @d(of: 2) {
          query: Root
        }

        """Marks."""
        directive @d(of: Int! = 1) repeatable on SCHEMA | OBJECT | FIELD_DEFINITION

        type Root implements I & J @d @d(of: 3) {
          """
          Two
          lines.
          """
          a(b: [Int!]! = [1, 2], c: In = { d: "x" } @deprecated(reason: "Why.")): [String!]! @deprecated @d
          id: ID!
        }

        interface I implements J {
          id: ID!
        }

        interface J {
          id: ID!
        }

        union U = Root | Mutation

        enum E {
          A
          B @deprecated(reason: "Use A.")
        }

        input In {
          d: String = "y"
          e: E = A
        }

        input One @oneOf {
          a: Int
          b: Int
        }

        scalar Time @specifiedBy(url: "https://example.com/time")

        """No root, in spite of its name."""
        type Mutation {
          u(one: One, time: Time): U
        }

        """";

    [Fact]
    public void A_printed_schema_reads_back_as_itself()
    {
        Assert.Equal(Everything, SchemaPrinter.Print(SchemaBuilder.FromSdl(Everything).Build()));
    }

    [Fact]
    public void The_schema_definition_is_left_out_when_the_names_are_the_defaults()
    {
        const string Sdl = "type Query {\n  a: Int\n}\n\ntype Mutation {\n  b: Int\n}\n";

        Assert.Equal(Sdl, SchemaPrinter.Print(SchemaBuilder.FromSdl(Sdl).Build()));
    }
}
