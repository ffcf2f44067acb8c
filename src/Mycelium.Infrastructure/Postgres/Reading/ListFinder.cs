using Npgsql;

namespace Mycelium.Infrastructure.Postgres.Reading;

/// <summary>Finds the list that a row belongs to, where one statement reads many lists.</summary>
public abstract class ListFinder
{
    /// <summary>The position among the keys.</summary>
    public abstract int Find(NpgsqlDataReader row);
}

/// <inheritdoc/>
public sealed class ListFinder<TKey> : ListFinder where TKey : notnull
{
    private readonly Dictionary<TKey, int> positions;
    private readonly int ordinal;
    private TKey? last;
    private int found = -1;

    /// <param name="keys">The keys of the lists, as they are stored.</param>
    /// <param name="ordinal">The column that holds the key of a row.</param>
    public ListFinder(TKey[] keys, int ordinal)
    {
        positions = new Dictionary<TKey, int>(keys.Length);
        for (int i = 0; i < keys.Length; i++)
            positions.TryAdd(keys[i], i);
        this.ordinal = ordinal;
    }

    public override int Find(NpgsqlDataReader row)
    {
        TKey key = row.GetFieldValue<TKey>(ordinal);
        // Rows are grouped by list.
        if (found < 0 || !EqualityComparer<TKey>.Default.Equals(key, last))
            (last, found) = (key, positions[key]);
        return found;
    }
}
