using System.Globalization;
using System.Text;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Engine.Validation;

namespace Mycelium.GraphQL.Engine.Tests.Language;

/// <summary>Documents made to exhaust the stack, the memory or the processor: each gets a response, for a bounded amount of work.</summary>
public sealed class HostileDocumentTests
{
    private static readonly Schema Schema = SchemaBuilder.FromSdl("""
        type Query { a(x: Int, o: In, l: [Int]): Query b: Query c: Int d: Any any(x: Blob): Int }
        type Mutation { a: Int }
        type Subscription { a: Int b: Int }
        interface Any { a: Query c: Int }
        type One implements Any { a: Query c: Int }
        type Two implements Any { a: Query c: Int }
        input In { o: In x: Int }
        scalar Blob
        """).Build();

    public static TheoryData<string, string> DepthBombs => new()
    {
        { "selection sets", Nested("{a", "}") },
        { "selection sets that never end", Repeat("{a", 50_000) },
        { "inline fragments", "{" + Nested("...{", "}", "c") + "}" },
        { "lists", "{a(l: " + Nested("[", "]") + ")}" },
        { "lists that never end", "{a(l: " + Repeat("[", 50_000) },
        { "objects", "{a(o: " + Nested("{o:", "}", "{}") + ")}" },
        { "lists in objects", "{a(o: " + Nested("{o:[", "]}") + ")}" },
        { "list types", "query($x:" + Nested("[", "]", "Int") + "){c}" },
        { "default values", "query($x:Int=" + Nested("[", "]") + "){c}" },
        { "directive arguments", "{c @d(x:" + Nested("[", "]") + ")}" },
        { "list types of fields", "type T{f:" + Nested("[", "]", "Int") + "}" },
        { "default values of arguments", "type T{f(a:Int=" + Nested("[", "]") + "):Int}" },
    };

    [Theory]
    [MemberData(nameof(DepthBombs))]
    public void Endless_nesting_is_refused_by_its_depth(string kind, string document)
    {
        GraphQLSyntaxException refusal = Assert.Throws<GraphQLSyntaxException>(() => Parser.ParseDocument(document, ParserOptions.Trusted));

        GraphQLError error = refusal.ToError();
        Assert.Equal(ErrorCodes.LimitExceeded, error.Code);
        Assert.Equal("maxDepth", error.Extensions["limit"]);
        Assert.NotEmpty(kind);
    }

    [Fact]
    public void The_depth_limit_is_the_last_depth_that_parses()
    {
        Assert.NotNull(Parser.ParseDocument(Nested("{a", "}", times: 200)));
        Assert.Equal("maxDepth", Refusal(Nested("{a", "}", times: 201)).Limit);
    }

    [Fact]
    public void A_document_of_the_greatest_depth_validates_and_prints_on_a_small_stack()
    {
        DocumentNode document = Parser.ParseDocument("{" + Nested("a{", "}", "c", times: 199) + "}");
        DocumentNode values = Parser.ParseDocument("{any(x:" + Nested("[", "]", times: 199) + ")}");
        IReadOnlyList<GraphQLError>? errors = null;
        string? printed = null;

        var thread = new Thread(
            () =>
            {
                errors = [.. DocumentValidator.Validate(Schema, document), .. DocumentValidator.Validate(Schema, values)];
                printed = document.ToString() + values;
            },
            maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();

        Assert.Empty(errors!);
        Assert.Contains("a {", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hand_made_tree_deeper_than_the_stack_throws_a_catchable_exception()
    {
        ValueNode value = new NullValueNode(default);
        for (int depth = 0; depth < 1_000_000; depth++)
            value = new ListValueNode(default, [value]);

        Assert.Throws<InsufficientExecutionStackException>(() => Printer.Print(value));
        var walker = new Counter();
        walker.Walk(value);
        Assert.Equal(1_000_001, walker.Count);
    }

    [Theory]
    [InlineData("maxFields", 2_048)]
    [InlineData("maxTokens", 100)]
    [InlineData("maxCharacters", 100)]
    public void One_over_each_limit_is_refused(string limit, int bound)
    {
        ParserOptions options = limit switch
        {
            "maxFields" => ParserOptions.Default,
            "maxTokens" => ParserOptions.Default with { MaxTokens = bound },
            _ => ParserOptions.Default with { MaxCharacters = bound },
        };
        string document = limit switch
        {
            "maxFields" => "{" + Repeat("c ", bound) + "}",
            "maxTokens" => "{" + Repeat("c ", bound - 2) + "}",
            _ => "{" + Repeat("c", bound - 2) + "}",
        };

        Assert.NotNull(Parser.ParseDocument(document, options));
        GraphQLSyntaxException refusal = Assert.Throws<GraphQLSyntaxException>(
            () => Parser.ParseDocument(document.Replace("}", "c }", StringComparison.Ordinal), options));
        Assert.Equal(limit, refusal.Limit);
        Assert.Equal("LIMIT_EXCEEDED", refusal.ToError().Code);
        Assert.Contains(bound.ToString(CultureInfo.InvariantCulture), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_are_not_tokens() =>
        Assert.NotNull(Parser.ParseDocument("{" + Repeat("#\n", 1_000) + "c}", ParserOptions.Default with { MaxTokens = 3 }));

    [Fact]
    public void A_chain_of_five_thousand_fragments_validates()
    {
        var text = new StringBuilder("{...f0}");
        for (int index = 0; index < 5_000; index++)
            text.Append(CultureInfo.InvariantCulture, $"fragment f{index} on Query{{...f{index + 1}}}");
        text.Append("fragment f5000 on Query{c}");

        Assert.Empty(Validate(text.ToString(), comparisons: 12_000));
    }

    [Fact]
    public void A_chain_of_five_thousand_fragments_each_below_a_field_validates()
    {
        var text = new StringBuilder("{...f0}");
        for (int index = 0; index < 5_000; index++)
            text.Append(CultureInfo.InvariantCulture, $"fragment f{index} on Query{{a{{...f{index + 1}}}}}");
        text.Append("fragment f5000 on Query{c}");

        Assert.Empty(Validate(text.ToString(), comparisons: 32_000));
    }

    [Fact]
    public void A_cycle_of_five_thousand_fragments_is_one_short_error()
    {
        var text = new StringBuilder("subscription {...f0}");
        for (int index = 0; index < 5_000; index++)
            text.Append(CultureInfo.InvariantCulture, $"fragment f{index} on Subscription{{a ...f{(index + 1) % 5_000}}}");

        GraphQLError error = Assert.Single(Validate(text.ToString()));

        Assert.StartsWith("Cannot spread fragment \"f0\" within itself via \"f1\"", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 700);
        Assert.InRange(error.Locations.Count, 1, 20);
    }

    [Fact]
    public void Fragments_that_double_at_each_level_are_visited_once()
    {
        var text = new StringBuilder("{...f0}");
        for (int index = 0; index < 60; index++)
            text.Append(CultureInfo.InvariantCulture, $"fragment f{index} on Query{{a{{...f{index + 1}}} b{{...f{index + 1}}}}}");
        text.Append("fragment f60 on Query{c}");

        Assert.Empty(Validate(text.ToString(), comparisons: 1_000));
    }

    [Fact]
    public void Ten_thousand_equal_fields_merge() => Assert.Empty(Validate("{" + Repeat("a(x:1){c} ", 10_000) + "}", comparisons: 61_000));

    [Fact]
    public void Ten_thousand_equal_leaves_merge() => Assert.Empty(Validate("{" + Repeat("c ", 10_000) + "}", comparisons: 21_000));

    [Fact]
    public void Ten_thousand_aliases_of_one_name_conflict_once() =>
        Assert.Contains(
            "differing arguments",
            Assert.Single(Validate("{" + string.Concat(Enumerable.Range(0, 10_000).Select(x => $"a(x:{x}){{c}} ")) + "}", comparisons: 41_000)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Ten_thousand_aliases_validate() =>
        Assert.Empty(Validate("{" + string.Concat(Enumerable.Range(0, 10_000).Select(x => $"a{x}:a(x:{x}){{c}} ")) + "}", comparisons: 61_000));

    [Fact]
    public void Fields_nested_in_equal_fields_merge() =>
        Assert.Empty(Validate("{" + Repeat("a{" + Repeat("a{" + Repeat("a{c c c}", 10) + "}", 10) + "}", 10) + "}", comparisons: 10_500));

    [Fact]
    public void New_combinations_of_fragments_run_out_of_comparisons()
    {
        // Each field spreads a different subset of the fragments, which spread such fields again.
        var random = new Random(7);
        var text = new StringBuilder("{...f0 ...f1}");
        for (int index = 0; index < 200; index++)
        {
            text.Append(CultureInfo.InvariantCulture, $"fragment f{index} on Query{{");
            for (int field = 0; field < 8; field++)
                text.Append(CultureInfo.InvariantCulture, $"x{field}:a{{...f{random.Next(200)} ...f{random.Next(200)} c}} ");
            text.Append('}');
        }

        IReadOnlyList<GraphQLError> errors = Validate(text.ToString());

        Assert.Contains(errors, error => error.Code == ErrorCodes.LimitExceeded && (string?)error.Extensions["limit"] == "maxFieldComparisons");
    }

    [Fact]
    public void Many_operations_that_reach_many_fragments_run_out_of_visits()
    {
        var text = new StringBuilder();
        for (int index = 0; index < 400; index++)
            text.Append(
                CultureInfo.InvariantCulture,
                $"query q{index}($v:Int){{...f0 a(x:$v){{c}}}} fragment f{index} on Query{{c {(index == 399 ? "" : $"...f{index + 1}")}}}");

        GraphQLError merging = Assert.Single(Validate(text.ToString()));
        GraphQLError variables = Assert.Single(Validate(text.ToString(), new ValidationOptions { MaxFieldComparisons = int.MaxValue }));

        Assert.Equal("maxFieldComparisons", merging.Extensions["limit"]);
        Assert.Equal("maxFragmentVisits", variables.Extensions["limit"]);
    }

    [Fact]
    public void Errors_stop_at_their_limit_with_a_last_one_that_says_so()
    {
        DocumentNode document = Parser.ParseDocument("{" + Repeat("nowhere ", 1_000) + "}");

        IReadOnlyList<GraphQLError> byDefault = DocumentValidator.Validate(Schema, document);
        IReadOnlyList<GraphQLError> three = DocumentValidator.Validate(Schema, document, new ValidationOptions { MaxErrors = 3 });

        Assert.Equal(101, byDefault.Count);
        Assert.Equal(4, three.Count);
        Assert.All(three.Take(3), error => Assert.Equal(ErrorCodes.ValidationFailed, error.Code));
        Assert.Equal("maxErrors", three[3].Extensions["limit"]);
    }

    [Theory]
    [InlineData("{{{0}}}")]
    [InlineData("{{c{0}(a:1)}}")]
    [InlineData("{{c @{0}}}")]
    [InlineData("{{...{0}}}")]
    [InlineData("query({1}:Int){{a(x:{1}0){{c}}}}")]
    [InlineData("{{a(x:{0}){{c}}}}")]
    public void A_name_of_half_a_megabyte_gives_short_messages(string template)
    {
        string name = Repeat("n", 500_000);

        IReadOnlyList<GraphQLError> errors = Validate(string.Format(CultureInfo.InvariantCulture, template, name, "$" + name));

        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.True(error.Message.Length < 1_000));
    }

    [Theory]
    [InlineData("{ nowhere ")]
    [InlineData("query q($a:Int){c}")]
    [InlineData("{c @d}")]
    [InlineData("{a(x:\"")]
    [InlineData("\"\"\"")]
    [InlineData("\"")]
    [InlineData("\\u{")]
    [InlineData("1")]
    [InlineData("$")]
    [InlineData("@a(b:[{c:")]
    [InlineData("...")]
    [InlineData("{...{")]
    [InlineData("type T{")]
    [InlineData("&|!")]
    public void Repeated_fragments_of_syntax_get_a_response(string scrap)
    {
        string text = Repeat(scrap, 500_000 / scrap.Length);

        try
        {
            Assert.InRange(DocumentValidator.Validate(Schema, Parser.ParseDocument(text)).Count, 1, 101);
        }
        catch (GraphQLSyntaxException syntax)
        {
            Assert.InRange(syntax.Message.Length, 1, 300);
        }
    }

    private static IReadOnlyList<GraphQLError> Validate(string text, ValidationOptions? options = null) =>
        DocumentValidator.Validate(Schema, Parser.ParseDocument(text, ParserOptions.Trusted), options);

    private static IReadOnlyList<GraphQLError> Validate(string text, int comparisons) =>
        Validate(text, new ValidationOptions { MaxFieldComparisons = comparisons });

    private static GraphQLSyntaxException Refusal(string text) => Assert.Throws<GraphQLSyntaxException>(() => Parser.ParseDocument(text));

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    private static string Nested(string open, string close, string inner = "", int times = 20_000) => Repeat(open, times) + inner + Repeat(close, times);

    private sealed class Counter : SyntaxWalker
    {
        public int Count { get; private set; }

        protected override bool Enter(SyntaxNode node)
        {
            Count++;
            return true;
        }
    }
}
