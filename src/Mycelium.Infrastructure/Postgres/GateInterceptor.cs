using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// Keeps Entity Framework, and through it sign-in and the key ring, from opening connections to a PostgreSQL that is known to be unavailable.
/// </summary>
internal sealed class GateInterceptor(StoreGate gate) : DbConnectionInterceptor
{
    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        gate.ThrowIfClosed();
        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        gate.ThrowIfClosed();
        return ValueTask.FromResult(result);
    }
}
