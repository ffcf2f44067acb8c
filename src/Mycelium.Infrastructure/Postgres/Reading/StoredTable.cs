using System.Collections.Frozen;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Mycelium.Infrastructure.Postgres.Reading;

/// <summary>A table as Entity Framework's model describes it: the columns of its properties, and the single rows that it refers to.</summary>
public sealed class StoredTable
{
    private readonly FrozenDictionary<PropertyInfo, StoredColumn> columns;
    private readonly FrozenDictionary<PropertyInfo, StoredReference> references;

    public StoredTable(IEntityType entity)
    {
        Type = entity.ClrType;
        string name = entity.GetTableName()!;
        Name = $"\"{name}\"";
        var table = StoreObjectIdentifier.Table(name, entity.GetSchema());
        columns = entity.GetProperties().Select(property => StoredColumn.Of(property, property.GetColumnName(table)!)).OfType<StoredColumn>()
            .ToFrozenDictionary(column => column.Property);
        references = entity.GetNavigations().Select(StoredReference.Of).OfType<StoredReference>().ToFrozenDictionary(reference => reference.Property);
        IsReadable = entity.BaseType is null && !entity.GetDirectlyDerivedTypes().Any() && entity.GetSchema() is null && Constructor is not null
            && entity.GetDeclaredQueryFilters().Count == 0;
    }

    public Type Type { get; }
    public string Name { get; }

    /// <summary>Whether one class maps to all rows of one table.</summary>
    public bool IsReadable { get; }

    public IEnumerable<StoredColumn> Columns => columns.Values;

    public ConstructorInfo? Constructor => Type.GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, []);

    public StoredColumn? Column(PropertyInfo property) => columns.GetValueOrDefault(property);

    public StoredReference? Reference(PropertyInfo property) => references.GetValueOrDefault(property);
}

/// <summary>A row that every row of another table refers to.</summary>
/// <param name="Column">The column that refers to it.</param>
/// <param name="Target">The class of the row.</param>
/// <param name="TargetColumn">The column that it is found by.</param>
public sealed record StoredReference(PropertyInfo Property, string Column, Type Target, string TargetColumn)
{
    public static StoredReference? Of(INavigation navigation) =>
        navigation is
        {
            IsCollection: false, IsOnDependent: true, PropertyInfo: { } property,
            ForeignKey: { IsRequired: true, Properties: [var from], PrincipalKey.Properties: [var to] }
        }
            ? new StoredReference(property, $"\"{from.GetColumnName()}\"", navigation.TargetEntityType.ClrType, $"\"{to.GetColumnName()}\"")
            : null;
}
