using Npgsql;

namespace Mycelium.Bench.GraphQLNet;

/// <summary>Runs statements on pooled connections; the driver prepares those that repeat.</summary>
internal sealed class Store(NpgsqlDataSource database) : IAsyncDisposable
{
    public async Task<List<T>> ReadAsync<T>(NpgsqlBatchCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellation);
        return await AllAsync(rows, read, cancellation);
    }

    /// <summary>Two statements in one round trip.</summary>
    public async Task<(List<T1>, List<T2>)> ReadAsync<T1, T2>(
        NpgsqlBatchCommand one, Func<NpgsqlDataReader, T1> readOne, NpgsqlBatchCommand two, Func<NpgsqlDataReader, T2> readTwo, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { one, two } };
        await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellation);
        List<T1> first = await AllAsync(rows, readOne, cancellation);
        await rows.NextResultAsync(cancellation);
        return (first, await AllAsync(rows, readTwo, cancellation));
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static async Task<List<T>> AllAsync<T>(NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var all = new List<T>();
        while (await rows.ReadAsync(cancellation))
            all.Add(read(rows));
        return all;
    }
}
