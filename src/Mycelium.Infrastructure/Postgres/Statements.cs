using Npgsql;
using NpgsqlTypes;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>Statements that travel together: one round trip, answered in their order, and none after the first that fails.</summary>
internal static class Statements
{
    public static NpgsqlBatch Send(this NpgsqlConnection connection, string sql, params object[] parameters) =>
        new NpgsqlBatch(connection).Then(sql, parameters);

    /// <param name="parameters">For <c>$1</c>, <c>$2</c> …; the CLR type determines the column's type, <see cref="Json"/> where it cannot.</param>
    public static NpgsqlBatch Then(this NpgsqlBatch batch, string sql, params object[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (object parameter in parameters)
            command.Parameters.Add(parameter as NpgsqlParameter ?? new NpgsqlParameter { Value = parameter });
        batch.BatchCommands.Add(command);
        return batch;
    }

    public static async Task RunAsync(this NpgsqlBatch batch, CancellationToken cancellation)
    {
        await using (batch)
            await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    public static NpgsqlParameter Json(string json) => new() { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb };

    /// <summary>The next row of the current result, or false.</summary>
    public static async Task<List<T>> RowsAsync<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            rows.Add(read(reader));
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        return rows;
    }
}
