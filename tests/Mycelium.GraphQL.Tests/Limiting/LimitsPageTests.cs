using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Market;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Callers;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Transport;
using Mycelium.GraphQL.Engine.Validation;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Limiting;

public sealed partial class LimitsPageTests
{
    /// <summary>Excluded: settings, which have their own test below, and the topic buffer, because we use no topics.</summary>
    private static readonly string[] excluded =
    [
        nameof(GraphQLTransportOptions.MaxSocketsPerAddress), nameof(GraphQLTransportOptions.MaxStreamsPerAddress),
        nameof(GraphQLTransportOptions.MaxStreamsPerUser),
        nameof(RequestOptions.TopicBufferCapacity),
    ];

    [Fact]
    public void The_page_lists_every_limit_with_its_value_and_a_reason()
    {
        Dictionary<string, string> listed = [];
        foreach (string line in File.ReadLines(RepositoryRoot.Combine("docs", "limits.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            string[] cells = [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
            Assert.True(cells is [_, _, { Length: > 20 }], line);
            listed.Add(cells[0].Trim('`'), cells[1]);
        }

        Dictionary<string, string> set = typeof(Limits).GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(field => field.Name, field => Shown(field.GetValue(null)!));

        Assert.Equal(set.OrderBy(limit => limit.Key, StringComparer.Ordinal), listed.OrderBy(limit => limit.Key, StringComparer.Ordinal));
    }

    /// <summary>Rows such as <c>| RateLimits:AccountPoints | 240000 | why |</c>.</summary>
    [Fact]
    public void The_page_lists_every_setting_that_bounds_a_caller_with_its_default_and_a_reason()
    {
        string[] listed =
        [
            .. File.ReadLines(RepositoryRoot.Combine("docs", "limits.md"))
                .Where(line => line.StartsWith("| RateLimits:", StringComparison.Ordinal) || line.StartsWith("| RentalLimits:", StringComparison.Ordinal))
                .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
                .Select(cells => cells is [_, _, { Length: > 20 }] ? $"{cells[0]} {cells[1]}" : "no reason"),
        ];

        IEnumerable<string> Of(string section, object defaults) =>
            defaults.GetType().GetProperties().Where(property => property.CanWrite)
                .Select(property => $"{section}:{property.Name} {property.GetValue(defaults)}");
        Assert.Equal(
            Of(RateLimitSettings.Section, new RateLimitSettings()).Concat(Of(RentalLimitOptions.Section, new RentalLimitOptions()))
                .Order(StringComparer.Ordinal),
            listed.Order(StringComparer.Ordinal));
    }

    /// <summary>A limit that is not set would have the engine's default, which is not documented.</summary>
    [Fact]
    public void Every_limit_of_the_engine_is_set_explicitly()
    {
        string setup = File.ReadAllText(RepositoryRoot.Combine("src", "Mycelium.GraphQL", "LimitsSetup.cs"));
        Type[] options = [typeof(GraphQLTransportOptions), typeof(RequestOptions), typeof(ParserOptions), typeof(ValidationOptions)];

        string[] limits =
        [
            .. options.SelectMany(type => type.GetProperties())
                .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { } type
                    && (type == typeof(int) || type == typeof(TimeSpan)))
                .Select(property => property.Name).Except(excluded),
        ];

        Assert.True(limits.Length >= 30, "Fewer limits than before: does the search still find them all?");
        Assert.All(limits, limit => Assert.Contains($"{limit} = Limits.", setup, StringComparison.Ordinal));
    }

    /// <summary>Rows such as <c>| comparisons of one `where` | 100 | `Data/Filters/FilterBounds.cs` | why |</c>.</summary>
    [Fact]
    public void The_page_states_the_numbers_in_the_source_of_the_engine()
    {
        string[][] rows =
        [
            .. File.ReadLines(RepositoryRoot.Combine("docs", "limits.md"))
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains(".cs` |", StringComparison.Ordinal))
                .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
        ];

        Assert.True(rows.Length >= 8, "Fewer rows than before: are they still parsed correctly?");
        Assert.All(rows, row =>
        {
            string file = File.ReadAllText(RepositoryRoot.Combine(["engine", "src", .. row[2].Trim('`').Split('/')]))
                .Replace("_", "", StringComparison.Ordinal);
            Assert.All(Number().Matches(row[1]), number => Assert.Matches($@"[=:(] ?{number.Value}\b", file));
        });
    }

    [Fact]
    public void The_errors_page_states_the_enforced_limits()
    {
        string page = File.ReadAllText(RepositoryRoot.Combine("docs", "errors.md"));
        var pricing = new PricingPolicy();

        Assert.Contains($"nested deeper than {Limits.FieldDepthMax} fields", page, StringComparison.Ordinal);
        Assert.Contains($"\"limit\":\"fieldDepth\",\"max\":{Limits.FieldDepthMax}", page, StringComparison.Ordinal);
        Assert.Contains(
            $"\"code\":\"AMOUNT_OUT_OF_RANGE\",\"min\":\"{Dollars.Of(Deposit.Min.Value):F6}\",\"max\":\"{Dollars.Of(Deposit.Max.Value):F6}\"",
            page, StringComparison.Ordinal);
        Assert.Contains(
            $"\"code\":\"PRICE_OUT_OF_RANGE\",\"min\":\"{Dollars.Of(pricing.PriceMin.Value):F6}\",\"max\":\"{Dollars.Of(pricing.PriceMax.Value):F6}\"",
            page, StringComparison.Ordinal);
        Assert.Contains($"\"hoursMin\":{RentalHours.Min},\"hoursMax\":{RentalHours.Max}", page, StringComparison.Ordinal);
        Assert.Contains($"over {Limits.SocketMessageBytesMax / 1024} KiB", page, StringComparison.Ordinal);
        Assert.Contains($"did not send `connection_init` within {Limits.ConnectionInitTimeout.TotalSeconds} seconds", page, StringComparison.Ordinal);
        Assert.Contains($"received no message for {Limits.PongTimeout.TotalSeconds} seconds", page, StringComparison.Ordinal);
        Assert.Contains($"ran out of time: {Limits.ExecutionTimeout.TotalSeconds} seconds", page, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    private static string Shown(object value) => value switch
    {
        TimeSpan span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds} s"),
        CostLimits cost => string.Create(CultureInfo.InvariantCulture, $"{cost.MaxFieldCost} / {cost.MaxTypeCost}"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
