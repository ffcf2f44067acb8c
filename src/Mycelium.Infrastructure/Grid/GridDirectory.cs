using System.Collections.Concurrent;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// Which number stands for which grid. Numbers and names never change, so what was read once is kept, unless the database is restored to a time before they
/// were assigned.
/// </summary>
public sealed class GridDirectory
{
    private readonly NpgsqlDataSource database;
    private readonly ConcurrentDictionary<string, GridIdentity> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, GridIdentity> enrolled = new(StringComparer.Ordinal);

    public GridDirectory(NpgsqlDataSource database, Restores restores)
    {
        this.database = database;
        restores.Happened += () =>
        {
            known.Clear();
            enrolled.Clear();
        };
    }

    /// <summary>Null when the market has no grid of this name.</summary>
    public async ValueTask<GridIdentity?> FindAsync(string name, CancellationToken cancellation)
    {
        if (name == GridName.Main)
            return GridIdentity.Main;
        if (known.TryGetValue(name, out GridIdentity? grid))
            return grid;
        if (!GridName.IsValid(name))
            return null;
        int? number = await database.UseAsync(
            async connection =>
            {
                await using var find = new NpgsqlCommand("SELECT number FROM grids WHERE name = $1", connection);
                find.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
                return (int?)await find.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        return number is { } found ? known.GetOrAdd(name, new GridIdentity(GridNumber.From(found), name)) : null;
    }

    /// <summary>The id of the node that has this number on a grid, whether there is one or not; null when the market has no grid of this name.</summary>
    public async ValueTask<NodeId?> NodeIdAsync(string grid, long number, CancellationToken cancellation) =>
        await FindAsync(grid, cancellation).ConfigureAwait(false) is { } found ? NodeId.Of(found.Number, number) : null;

    /// <summary>Makes sure that a grid has a number and can be leased. Any number of replicas may do this at once.</summary>
    internal async ValueTask<GridIdentity> EnrolAsync(string name, CancellationToken cancellation)
    {
        if (enrolled.TryGetValue(name, out GridIdentity? before))
            return before;
        await database.UseAsync(
            async connection =>
            {
                await using NpgsqlBatch batch = connection.Send("SELECT enrol_grid($1)", name);
                return await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        GridIdentity grid = await FindAsync(name, cancellation).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"The grid {name} was not enrolled.");
        return enrolled.GetOrAdd(name, grid);
    }
}
