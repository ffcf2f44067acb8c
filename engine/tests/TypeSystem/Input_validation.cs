using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

/// <summary>Attributes on arguments and inputs are checked after coercion and before the resolver.</summary>
public sealed class Input_validation : IDisposable
{
    private readonly ServiceProvider services;

    public Input_validation()
    {
        var collection = new ServiceCollection();
        collection.AddAuthorizationCore();
        collection.AddGraphQLServer()
            .AddQueryType<Desk>()
            .AddSubscriptionType<Bell>()
            .AddInvalidInputResult(violations => new Bad([.. violations.Select(violation => $"{string.Join('.', violation.Path)}: {violation.Rule}")]));
        services = collection.BuildServiceProvider();
    }

    public void Dispose() => services.Dispose();

    [Theory]
    [InlineData("{ age(years: 17) }", "[\"years\"]", "Range", "The field years must be between 18 and 99.")]
    [InlineData("{ age(years: 20, name: \"a\") }", "[\"name\"]", "StringLength", null)]
    [InlineData("{ age(years: 20, name: \"ab\", mail: \"nobody\") }", "[\"mail\"]", "EmailAddress", null)]
    [InlineData("{ age(years: 20, site: \"nowhere\") }", "[\"site\"]", "Url", null)]
    [InlineData("{ age(years: 20, tags: []) }", "[\"tags\"]", "MinLength", null)]
    [InlineData("{ age(years: 20, tags: [\"1\", \"2\", \"3\"]) }", "[\"tags\"]", "Length", null)]
    [InlineData("{ age(years: 20, even: 3) }", "[\"even\"]", "Even", "even is odd.")]
    [InlineData("{ age(years: 20, code: \"x1\") }", "[\"code\"]", "RegularExpression", null)]
    [InlineData("{ age(years: 20, patch: null) }", "[\"patch\"]", "Required", null)]
    public async Task A_field_without_such_a_union_returns_an_error_with_path_and_rule(string query, string path, string rule, string? message)
    {
        using JsonDocument answer = JsonDocument.Parse(await services.RunAsync(query));

        JsonElement error = Assert.Single(answer.RootElement.GetProperty("errors").EnumerateArray());
        JsonElement extensions = error.GetProperty("extensions");
        Assert.Equal("BAD_USER_INPUT", extensions.GetProperty("code").GetString());
        Assert.Equal(path, extensions.GetProperty("inputPath").GetRawText());
        Assert.Equal(rule, extensions.GetProperty("rule").GetString());
        Assert.Equal("[\"age\"]", error.GetProperty("path").GetRawText());
        if (message is not null)
            Assert.Equal(message, error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("{ age(years: 18) }")]
    [InlineData("{ age(years: 99, name: \"ab\", mail: \"a@b.example\", site: \"https://a.example\", tags: [\"1\"], even: 2, code: \"abc\", patch: 1) }")]
    public async Task Valid_arguments_reach_the_resolver(string query) => Assert.Equal("""{"data":{"age":true}}""", await services.RunAsync(query));

    [Fact]
    public async Task All_violations_are_returned_at_once_if_the_union_has_a_member_for_them()
    {
        const string query =
            """{ order(input: { name: "", lines: [{ count: 1 }, { count: 0, note: "too long" }], more: [[{ count: -1 }]], child: { name: "x", """
                + """lines: [] } }) { ... on Bad { what } } }""";

        Assert.Equal(
            """{"data":{"order":{"what":["input.name: Required","input.lines.1.count: Range","input.lines.1.note: """
                + """MaxLength","input.more.0.0.count: Range","input.child.lines: MinLength"]}}}""",
            await services.RunAsync(query));
        Assert.Equal(
            """{"data":{"order":{"number":7}}}""",
            await services.RunAsync("""{ order(input: { name: "x", lines: [{ count: 1 }] }) { ... on Ok { number } } }"""));
    }

    [Fact]
    public async Task At_most_twenty_violations_are_reported()
    {
        string lines = string.Join(' ', Enumerable.Repeat("{ count: 0 }", 1_000));

        using JsonDocument answer = JsonDocument.Parse(
            await services.RunAsync($$"""{ order(input: { name: "x", lines: [{{lines}}] }) { ... on Bad { what } } }"""));

        Assert.Equal(20, answer.RootElement.GetProperty("data").GetProperty("order").GetProperty("what").GetArrayLength());
    }

    [Fact]
    public async Task An_expression_that_takes_too_long_is_a_violation_and_not_an_internal_error()
    {
        string evil = new string('a', 40) + "!";

        string answer = await services.RunAsync("query($evil: String!) { slow(text: $evil) }", new { evil });

        Assert.Contains("could not be checked in time", answer, StringComparison.Ordinal);
        Assert.Contains("\"rule\":\"RegularExpression\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("INTERNAL", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_may_not_use_a_field_learns_nothing_about_its_rules()
    {
        Assert.Contains("UNAUTHENTICATED", await services.RunAsync("{ secret(years: 0) }"), StringComparison.Ordinal);
        Assert.Contains("\"rule\":\"Range\"", await services.RunAsync("{ secret(years: 0) }", user: Running.SignedIn()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscription_with_invalid_arguments_never_starts()
    {
        Assert.Contains("\"rule\":\"Range\"", await services.RunAsync("subscription { rings(times: 9) }"), StringComparison.Ordinal);
        Assert.Equal(["""{"data":{"rings":1}}""", """{"data":{"rings":2}}"""], await services.SubscribeAsync("subscription { rings(times: 2) }"));
    }

    [Fact]
    public void A_field_without_rules_is_not_wrapped()
    {
        ObjectType query = services.GetRequiredService<Schema>().FindType<ObjectType>("Query")!;

        Assert.DoesNotContain(nameof(InputValidation), Maker("free"), StringComparison.Ordinal);
        Assert.Contains(nameof(InputValidation), Maker("age"), StringComparison.Ordinal);

        string Maker(string field) => query.Fields.Find(field)!.Resolver!.Method.DeclaringType!.FullName!;
    }

    [Theory]
    [InlineData(typeof(LengthOfANumber), "Ask.years: [MinLength] applies to strings and lists, not to System.Int32.")]
    [InlineData(typeof(LengthOfAList), "Ask.names: [StringLength] applies to strings, not to System.String[].")]
    [InlineData(typeof(MailInAnInput), "Letter.number: [EmailAddress] applies to strings, not to System.Nullable`1[System.Int32].")]
    [InlineData(typeof(RangeOfAList), "Ask.years: [Range] applies to values that can be compared, not to System.Int32[].")]
    [InlineData(typeof(RangeUpsideDown), "Ask.years: [Range] cannot be applied: ")]
    [InlineData(typeof(BrokenExpression), "Ask.name: [RegularExpression] cannot be applied: ")]
    public void A_rule_that_does_not_apply_to_its_value_is_refused_with_the_schema(Type query, string message)
    {
        var collection = new ServiceCollection();
        collection.AddAuthorizationCore();
        collection.AddGraphQLServer().AddQueryType(query);
        using ServiceProvider refused = collection.BuildServiceProvider();

        SchemaException refusal = Assert.Throws<SchemaException>(() => refused.GetRequiredService<Schema>());

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    public sealed class LengthOfANumber
    {
        public bool Ask([MinLength(1)] int years) => years > 0;
    }

    public sealed class LengthOfAList
    {
        public bool Ask([StringLength(9)] string[] names) => names.Length > 0;
    }

    public sealed class MailInAnInput
    {
        public bool Ask(Letter letter) => letter.Number > 0;
    }

    public sealed record Letter([property: EmailAddress] int? Number);

    public sealed class RangeOfAList
    {
        public bool Ask([Range(1, 3)] int[] years) => years.Length > 0;
    }

    public sealed class RangeUpsideDown
    {
        public bool Ask([Range(3, 1)] int years) => years > 0;
    }

    public sealed class BrokenExpression
    {
        public bool Ask([RegularExpression("[a")] string name) => name.Length > 0;
    }

    public sealed class Desk
    {
        public bool Age(
            [Range(18, 99)] int years, [StringLength(9, MinimumLength = 2)] string? name, [EmailAddress] string? mail, [Url] string? site,
            [MinLength(1), Length(0, 2)] IReadOnlyList<string>? tags, [Even] int? even, [RegularExpression("[a-z]*")] string? code,
            [Required] Optional<int?> patch) =>
            years > 0 || (name, mail, site, tags, even, code, patch) != default;

        public bool Free(int years, Circle? circle) => years > 0 || circle is null;

        public IOutcome Order(Order input) => new Ok(input.Lines.Count + 6);

        public bool Slow([RegularExpression("^(a+)+$")] string text) => text.Length > 0;

        [Authorize]
        public bool Secret([Range(18, 99)] int years) => years > 0;
    }

    public sealed class Bell
    {
        [Subscribe(With = nameof(Ring))]
        public int Rings([EventMessage] int ring) => ring;

        public static async IAsyncEnumerable<int> Ring([Range(1, 3)] int times)
        {
            await Task.Yield();
            for (int ring = 1; ring <= times; ring++)
                yield return ring;
        }
    }

    public sealed class EvenAttribute() : ValidationAttribute("{0} is odd.")
    {
        public override bool IsValid(object? value) => value is not int number || number % 2 == 0;
    }

    public sealed record Order([Required] string Name, [MinLength(1)] IReadOnlyList<Line> Lines, IReadOnlyList<IReadOnlyList<Line>>? More, Order? Child);

    public sealed record Line([property: Range(1, 10)] int Count)
    {
        [MaxLength(4)]
        public string? Note { get; init; }
    }

    public sealed record Circle(Circle? Inner, int Radius);

    [UnionType]
    public interface IOutcome;

    public sealed record Ok(int Number) : IOutcome;

    public sealed record Bad(IReadOnlyList<string> What) : IOutcome;
}
