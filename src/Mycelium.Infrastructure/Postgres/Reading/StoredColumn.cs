using System.Reflection;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres.Reading;

/// <summary>A column of a table, and how its values are converted to those of the property.</summary>
/// <param name="Name">In quotes.</param>
/// <param name="StoredType">The type that the driver reads and writes.</param>
/// <param name="IsNullable">A row may have no value.</param>
public sealed record StoredColumn(string Name, PropertyInfo Property, Type StoredType, ValueConverter? Converter, bool IsNullable)
{
    private static readonly MethodInfo MakeTyped = typeof(StoredColumn).GetMethod(nameof(Typed), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly MethodInfo MakeFinder = typeof(StoredColumn).GetMethod(nameof(FinderOf), BindingFlags.NonPublic | BindingFlags.Static)!;
    private readonly Func<object, NpgsqlParameter> parameter = MakeTyped.MakeGenericMethod(StoredType).CreateDelegate<Func<object, NpgsqlParameter>>();
    private readonly Func<object, NpgsqlParameter> list =
        MakeTyped.MakeGenericMethod(StoredType.MakeArrayType()).CreateDelegate<Func<object, NpgsqlParameter>>();

    private readonly Func<Array, int, ListFinder> finder = MakeFinder.MakeGenericMethod(StoredType).CreateDelegate<Func<Array, int, ListFinder>>();

    /// <summary>The property's own type, without <see cref="Nullable{T}"/>.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>The column stores the names of an enum's values.</summary>
    public bool HasEnumNames => Converter?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(EnumToStringConverter<>);

    public static StoredColumn? Of(IProperty property, string name)
    {
        if (property.PropertyInfo is not { } declared)
            return null;
        ValueConverter? converter = property.FindTypeMapping()?.Converter;
        Type model = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        Type stored = converter?.ProviderClrType ?? model;
        // Only converters that leave null as it is are supported.
        return converter is null || (converter.ModelClrType == model && !converter.ConvertsNulls)
            ? new StoredColumn($"\"{name}\"", declared, Nullable.GetUnderlyingType(stored) ?? stored, converter, property.IsNullable)
            : null;
    }

    /// <param name="value">A value of the property's type.</param>
    public NpgsqlParameter Parameter(object value) => parameter(Stored(value));

    /// <param name="values">An array of values of the property's type.</param>
    public NpgsqlParameter Parameter(Array values) => list(Stored(values));

    /// <summary>Assigns rows to the lists of several keys.</summary>
    /// <param name="stored">The keys as the column holds them.</param>
    /// <param name="ordinal">The position of the column in a row.</param>
    public ListFinder Finder(Array stored, int ordinal) => finder(stored, ordinal);

    /// <summary>The values as the column holds them.</summary>
    public Array Stored(Array values)
    {
        if (Converter is null)
            return values;
        var stored = Array.CreateInstance(StoredType, values.Length);
        for (int i = 0; i < values.Length; i++)
            stored.SetValue(Stored(values.GetValue(i)!), i);
        return stored;
    }

    private object Stored(object value) => Converter is null ? value : Converter.ConvertToProvider(value)!;

    private static ListFinder<T> FinderOf<T>(Array stored, int ordinal) where T : notnull => new((T[])stored, ordinal);

    private static NpgsqlParameter<T> Typed<T>(object value) => new() { TypedValue = (T)value };
}
