using Npgsql;

namespace Mycelium.Bench.Servers;

/// <summary>Statements that prepare a measurement; none of them is measured.</summary>
internal static class Sql
{
    private const int TimeoutSeconds = 300;

    public static async Task RunAsync(this NpgsqlDataSource database, string sql, params object[] parameters)
    {
        await using NpgsqlCommand command = database.Command(sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> ScalarAsync<T>(this NpgsqlDataSource database, string sql, params object[] parameters)
    {
        await using NpgsqlCommand command = database.Command(sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>On one connection, so that settings persist between statements.</summary>
    public static async Task RunAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = TimeoutSeconds };
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> ScalarAsync<T>(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = TimeoutSeconds };
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static NpgsqlCommand Command(this NpgsqlDataSource database, string sql, object[] parameters)
    {
        NpgsqlCommand command = database.CreateCommand(sql);
        command.CommandTimeout = TimeoutSeconds;
        foreach (object value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
