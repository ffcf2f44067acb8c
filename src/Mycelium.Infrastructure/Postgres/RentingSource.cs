using Microsoft.Extensions.Options;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// Connections for the allocation desk alone. PostgreSQL keeps one plan for each of its statements on them: they go by keys, and no value needs a plan of its own.
/// </summary>
public sealed class RentingSource(IOptions<PostgresOptions> options) : IAsyncDisposable
{
    public NpgsqlDataSource Connections { get; } = PostgresSource.CreateRenting(options.Value);

    public ValueTask DisposeAsync() => Connections.DisposeAsync();
}
