using System.Globalization;
using System.Reflection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Limiting;

public sealed class LimitsPageTests
{
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

        Dictionary<string, string> set = typeof(Limits).GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(field => field.Name, field => Shown(field.GetValue(null)!));

        Assert.Equal(set.OrderBy(limit => limit.Key, StringComparer.Ordinal), listed.OrderBy(limit => limit.Key, StringComparer.Ordinal));
    }

    private static string Shown(object value) => value switch
    {
        TimeSpan span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds} s"),
        CostLimits cost => string.Create(CultureInfo.InvariantCulture, $"{cost.MaxFieldCost} / {cost.MaxTypeCost}"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
