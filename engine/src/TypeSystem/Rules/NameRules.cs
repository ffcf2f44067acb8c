using System.Text.RegularExpressions;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Names"/> and the names reserved for introspection.</summary>
internal static partial class NameRules
{
    public static IEnumerable<string> Check(string name, string coordinate)
    {
        if (!Name().IsMatch(name))
            yield return $"{coordinate}: {name} is not a valid name: use letters, digits and underscores, and do not start with a digit.";
        else if (name.StartsWith("__", StringComparison.Ordinal))
            yield return $"{coordinate}: names that start with two underscores are reserved for introspection.";
    }

    public static IEnumerable<string> Repeated(IEnumerable<string> names) =>
        names.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key);

    [GeneratedRegex(@"^[_A-Za-z][_0-9A-Za-z]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
