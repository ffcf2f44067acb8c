using System.Globalization;
using System.Text;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>Random valid documents for <see cref="CostWorld"/>: fragments, aliases, conditions, slices by literal and by variable.</summary>
internal sealed class RandomSelections(Random random)
{
    private const int FragmentCount = 6;
    private static readonly string[] Types = ["Query", "Thing", "Other", "Named", "Either", "Page"];

    private readonly string[] fragmentTypes = [.. Enumerable.Range(0, FragmentCount).Select(_ => Types[random.Next(Types.Length)])];
    private int aliases;

    public string Document() => Compose($"{Selections("Query", 4, 0)} {UseAll()}");

    /// <summary>Two documents, of which the second contains everything in the first.</summary>
    public (string Part, string Whole) PartAndWhole()
    {
        string part = Selections("Query", 3, 0), rest = Selections("Query", 3, 0), fragments = Fragments(), uses = UseAll();
        return (Wrap($"{part} {uses}", fragments), Wrap($"{part} {uses} {rest}", fragments));
    }

    private string Compose(string root) => Wrap(root, Fragments());

    private static string Wrap(string root, string fragments) =>
        $"query ($n: Int, $if: Boolean!) {{ n: things(first: $n) {{ name }} i: text @include(if: $if) {root} }} {fragments}";

    private string Fragments() => string.Join(' ', fragmentTypes.Select((type, i) => $"fragment F{i} on {type} {{ {Selections(type, 3, i + 1)} }}"));

    /// <summary>No fragment stays unused.</summary>
    private string UseAll() => string.Join(' ', fragmentTypes.Select((type, i) => type switch
    {
        "Query" => $"...F{i}",
        "Page" => $"u{i}: page {{ ...F{i} }}",
        "Thing" => $"u{i}: one {{ ...F{i} }}",
        "Either" => $"u{i}: either {{ ...F{i} }}",
        _ => $"u{i}: named {{ ...F{i} }}",
    }));

    private string Selections(string type, int depth, int fragmentsFrom)
    {
        var text = new StringBuilder("__typename ");
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            int[] fitting = [.. Enumerable.Range(fragmentsFrom, Math.Max(0, FragmentCount - fragmentsFrom)).Where(i => fragmentTypes[i] == type)];
            text.Append(random.Next(4) switch
            {
                0 when fitting.Length > 0 => $"...F{fitting[random.Next(fitting.Length)]}{Condition()}",
                1 when depth > 0 && type is "Named" or "Either" && depth > 0 =>
                    $"... on {(random.Next(2) == 0 ? "Thing" : "Other")}{Condition()} {{ {Selections("Thing", 0, FragmentCount)} }}",
                1 when depth > 0 => $"...{Condition()} {{ {Selections(type, depth - 1, fragmentsFrom)} }}",
                _ => Field(type, depth, fragmentsFrom),
            }).Append(' ');
        }
        return text.ToString();
    }

    /// <summary>
    /// A new alias each time, so that no two fields with the same name differ; occasionally the plain name, for a field without arguments.
    /// </summary>
    private string Field(string type, int depth, int fragmentsFrom)
    {
        (string Name, string? Of)[] fields = type switch
        {
            "Query" => [("text", null), ("one", "Thing"), ("things", "Thing"), ("page", "Page"), ("named", "Named"), ("either", "Either"), ("self", "Query")],
            "Page" => [("total", null), ("nodes", "Thing")],
            "Thing" => [("name", null), ("named", "Named"), ("things", "Thing"), ("other", "Other"), ("shade", null)],
            "Other" => [("name", null), ("named", "Named"), ("thing", "Thing"), ("either", "Either")],
            "Named" => [("name", null), ("named", "Named")],
            _ => [("__typename", null)],
        };
        (string name, string? of) = depth == 0 ? fields[0] : fields[random.Next(fields.Length)];
        string slices = name is "things" or "page" && random.Next(2) == 0
            ? $"(first: {(random.Next(2) == 0 ? "$n" : random.Next(0, 9).ToString(CultureInfo.InvariantCulture))})"
            : "";
        string alias = slices.Length > 0 || random.Next(2) == 0 ? $"a{aliases++}: " : "";
        return $"{alias}{name}{slices}{Condition()}{(of is null ? "" : $" {{ {Selections(of, depth - 1, fragmentsFrom)} }}")}";
    }

    private string Condition() => random.Next(8) switch { 0 => " @include(if: $if)", 1 => " @skip(if: $if)", _ => "" };
}
