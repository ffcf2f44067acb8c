using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Reading;

/// <summary>The tables that can be read without EF Core, by the classes of their rows.</summary>
internal sealed class StoredTables(IDbContextFactory<MyceliumDb> databases)
{
    private readonly ConcurrentDictionary<Type, StoredTable?> tables = new();

    /// <summary>Null if the class has no table of its own.</summary>
    public StoredTable? Find(Type type) => tables.GetOrAdd(type, Read);

    private StoredTable? Read(Type type)
    {
        using MyceliumDb db = databases.CreateDbContext();
        IEntityType? entity = db.Model.FindEntityType(type);
        return entity?.GetTableName() is not null && new StoredTable(entity) is { IsReadable: true } table ? table : null;
    }
}
