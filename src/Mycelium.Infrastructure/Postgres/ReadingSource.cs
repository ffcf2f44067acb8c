using Microsoft.Extensions.Options;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// Connections that only read lists. PostgreSQL keeps one plan for each statement on them, whatever its values: planning such a statement again takes as long
/// as running it, and the indexes of the market are made so that no value needs a plan of its own.
/// </summary>
public sealed class ReadingSource(IOptions<PostgresOptions> options, StoreGate gate) : IAsyncDisposable
{
    public NpgsqlDataSource Connections { get; } = gate.Guard(PostgresSource.CreateReading(options.Value));

    public ValueTask DisposeAsync() => Connections.DisposeAsync();
}
