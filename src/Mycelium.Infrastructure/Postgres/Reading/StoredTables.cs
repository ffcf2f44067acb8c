using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Mycelium.Infrastructure.Postgres.Reading;

/// <summary>The tables that can be read without Entity Framework, by the classes of their rows.</summary>
public sealed class StoredTables(IDbContextFactory<MyceliumDb> databases)
{
    private readonly ConcurrentDictionary<Type, StoredTable?> tables = new();

    /// <summary>Null for a class that has no table of its own.</summary>
    public StoredTable? Find(Type type) => tables.GetOrAdd(type, Read);

    private StoredTable? Read(Type type)
    {
        using MyceliumDb db = databases.CreateDbContext();
        IEntityType? entity = db.Model.FindEntityType(type);
        return entity?.GetTableName() is not null && new StoredTable(entity) is { IsReadable: true } table ? table : null;
    }
}
