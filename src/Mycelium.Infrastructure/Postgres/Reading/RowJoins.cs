using System.Reflection;
using System.Text;

namespace Mycelium.Infrastructure.Postgres.Reading;

/// <summary>The tables that one statement joins to its first: the single rows that rows refer to, each joined once.</summary>
public sealed class RowJoins(StoredTables tables, StoredTable root)
{
    /// <summary>The alias of the first table in the statement.</summary>
    public const string Root = "t";

    private readonly List<(PropertyInfo[] Path, string Alias, StoredTable Table)> joined = [([], Root, root)];
    private readonly StringBuilder text = new();

    private RowJoins(RowJoins other, StoredTables tables, StoredTable root) : this(tables, root)
    {
        joined = [.. other.joined];
        text.Append(other.text);
    }

    public string Text => text.ToString();

    /// <summary>The same joins, to which more can be added.</summary>
    public RowJoins Copy() => new(this, tables, root);

    /// <summary>The alias of the object at the end of a path, which is joined if necessary. Null if the path does not lead to an object.</summary>
    public string? Alias(ReadOnlySpan<PropertyInfo> path) => Find(path)?.Alias;

    /// <summary>The column of a value, with its table.</summary>
    public (string Alias, StoredColumn Column)? Column(IReadOnlyList<PropertyInfo> path)
    {
        if (path.Count == 1)
            return root.Column(path[0]) is { } own ? (Root, own) : null;
        return Find([.. path.Take(path.Count - 1)]) is { } owner && owner.Table.Column(path[^1]) is { } column ? (owner.Alias, column) : null;
    }

    private (string Alias, StoredTable Table)? Find(ReadOnlySpan<PropertyInfo> path)
    {
        foreach ((PropertyInfo[] known, string alias, StoredTable table) in joined)
        {
            if (path.SequenceEqual(known))
                return (alias, table);
        }
        if (Find(path[..^1]) is not { } owner
            || owner.Table.Reference(path[^1]) is not { } reference
            || tables.Find(reference.Target) is not { } target)
            return null;
        string name = $"{Root}{joined.Count}";
        text.Append(" JOIN ").Append(target.Name).Append(" AS ").Append(name).Append(" ON ")
            .Append(name).Append('.').Append(reference.TargetColumn).Append(" = ").Append(owner.Alias).Append('.').Append(reference.Column);
        joined.Add((path.ToArray(), name, target));
        return (name, target);
    }
}
