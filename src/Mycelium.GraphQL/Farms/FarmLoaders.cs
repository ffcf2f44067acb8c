using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Farms;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Farms;

public sealed class FarmByIdDataLoader(IDbContextFactory<MyceliumDb> databases) : BatchDataLoader<FarmId, Farm>
{
    protected override async Task<IReadOnlyDictionary<FarmId, Farm>> LoadBatchAsync(IReadOnlyList<FarmId> keys, CancellationToken cancellation)
    {
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        return await db.Farms.Where(farm => keys.Contains(farm.Id)).ToDictionaryAsync(farm => farm.Id, cancellation);
    }
}
