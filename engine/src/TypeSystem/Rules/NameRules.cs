using System.Text.RegularExpressions;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Names"/> and the names reserved for introspection.</summary>
internal static partial class NameRules
{
    public static IEnumerable<string> Check(string name, string coordinate)
    {
        if (!Name().IsMatch(name))
            yield return $"{coordinate}: {name} is no name: letters, digits and underscores, and no digit first.";
        else if (name.StartsWith("__", StringComparison.Ordinal))
            yield return $"{coordinate}: names that begin with two underscores belong to introspection.";
    }

    public static IEnumerable<string> Repeated(IEnumerable<string> names) => names.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key);

    [GeneratedRegex(@"^[_A-Za-z][_0-9A-Za-z]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
