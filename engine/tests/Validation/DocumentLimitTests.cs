using System.Globalization;
using System.Text;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Engine.Validation;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Validation;

/// <summary>Limits that no rule of the specification sets: each at its edge and one beyond.</summary>
public sealed class DocumentLimitTests
{
    private static readonly Schema Schema = SchemaBuilder.FromSdl("""
        directive @mark repeatable on FIELD
        type Query { self: Query peers: [Query!] name: String }
        """).Build();

    private static readonly ValidationOptions Options = new() { MaxAliases = 3, MaxRepeatedFields = 3, MaxDirectives = 4, MaxFieldCycleDepth = 3 };

    [Theory]
    [InlineData("{ a: name b: name c: name }", null, 0)]
    [InlineData("{ a: name b: name c: name d: name }", "aliases", 3)]
    [InlineData("{ self { a: name b: name } ...F } fragment F on Query { c: name d: name }", "aliases", 3)]
    [InlineData("{ name name name name }", null, 0)]
    [InlineData("{ name name name name name }", "repeatedFields", 3)]
    [InlineData("{ self { name name name } ... { name name name } }", "repeatedFields", 3)]
    [InlineData("{ name @mark @mark @mark @mark }", null, 0)]
    [InlineData("{ name @mark @mark @mark @mark @mark }", "directives", 4)]
    [InlineData("{ name @a @b @c @d @e }", "directives", 4)]
    [InlineData("{ self { self { self { name } } } }", null, 0)]
    [InlineData("{ self { self { self { self { name } } } } }", "fieldCycleDepth", 3)]
    [InlineData("{ self { name } x: self { name } y: self { name } peers { self { name } self { name } } }", null, 0)]
    [InlineData(
        "{ self { ...A } } fragment A on Query { peers { self { ...B } } } fragment B on Query { self { ... { self { name } } } }", "fieldCycleDepth",
        3)]
    [InlineData("{ __schema { types { fields { type { name ofType { name } } } } } }", null, 0)]
    [InlineData("{ __schema { types { fields { type { fields { name } } } } } }", "introspectionDepth", 1)]
    [InlineData("{ __type(name: \"Query\") { possibleTypes { interfaces { possibleTypes { name } } } } }", "introspectionDepth", 1)]
    public void A_document_one_over_a_limit_is_refused(string document, string? limit, int max)
    {
        IReadOnlyList<GraphQLError> errors = DocumentValidator.Validate(Schema, Parser.ParseDocument(document), Options);

        if (limit is null)
        {
            Assert.Empty(errors);
            return;
        }
        GraphQLError error = errors[^1];
        Assert.Equal(ErrorCodes.LimitExceeded, error.Code);
        Assert.Equal(limit, error.Extensions["limit"]);
        Assert.Equal(max, error.Extensions["max"]);
    }

    [Theory]
    [InlineData(16, false)]
    [InlineData(17, true)]
    public void Up_to_sixteen_wrappers_of_types_are_allowed(int depth, bool isRefused)
    {
        string document = $"{{ __type(name: \"Query\") {{ {string.Concat(Enumerable.Repeat("ofType { ", depth))} name {new string('}', depth)} }} }}";

        Assert.Equal(isRefused, DocumentValidator.Validate(Schema, Parser.ParseDocument(document), Options).Count > 0);
    }

    [Fact]
    public void Two_thousand_cyclic_fields_in_two_hundred_fragments_are_checked_quickly()
    {
        var document = new StringBuilder("{ ...F0 } ");
        for (int n = 0; n < 200; n++)
        {
            string next = n == 199 ? "name" : $"...F{n + 1}";
            document.Append(
                CultureInfo.InvariantCulture,
                $"fragment F{n} on Query {{ self {{ {next} }} peers {{ {next} }} a: self {{ {next} }} b: peers {{ {next} }} }} ");
        }

        IReadOnlyList<GraphQLError> errors = DocumentValidator.Validate(Schema, Parser.ParseDocument(document.ToString()), Options with { MaxAliases = 2_000 });

        Assert.Equal("fieldCycleDepth", Assert.Single(errors).Extensions["limit"]);
    }
}
