using Microsoft.Extensions.Options;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// Connections for statements that only look rows up by key, many times a second: the allocation desk and the reader of new events. PostgreSQL keeps one plan
/// for each of their statements; no value needs a plan of its own, and no crowd of lists keeps them waiting.
/// </summary>
public sealed class KeyedSource(IOptions<PostgresOptions> options, StoreGate gate) : IAsyncDisposable
{
    public NpgsqlDataSource Connections { get; } = gate.Guard(PostgresSource.CreateKeyed(options.Value));

    public ValueTask DisposeAsync() => Connections.DisposeAsync();
}
