using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Postgres.Reading;
using Npgsql;

namespace Mycelium.GraphQL.Reading;

/// <summary>What is read from a table's rows, as SQL and as the code that turns rows into objects. Created once per selection.</summary>
internal sealed class RowShape<T>
{
    private readonly Expression<Func<NpgsqlDataReader, T>> read;
    private Func<NpgsqlDataReader, T>? compiled;
    private bool isKnown;

    private RowShape(string columns, int columnCount, RowJoins joins, Expression<Func<NpgsqlDataReader, T>> read)
    {
        Columns = columns;
        ColumnCount = columnCount;
        Joins = joins;
        this.read = read;
    }

    /// <summary>The columns, as a SELECT list.</summary>
    public string Columns { get; }

    public int ColumnCount { get; }

    /// <summary>The other tables that the columns belong to.</summary>
    public RowJoins Joins { get; }

    /// <summary>
    /// The code that turns the current row into an object; called once per list. It is interpreted for the first list, because compiling
    /// takes milliseconds, which is more than everything else, and callers who send a new document each time would make the server compile
    /// in vain.
    /// </summary>
    public Func<NpgsqlDataReader, T> Reader()
    {
        if (compiled is not null)
            return compiled;
        if (isKnown)
            return compiled = read.Compile();
        isKnown = true;
        return read.Compile(preferInterpretation: true);
    }

    /// <summary>Null if the selection contains something that is not a column.</summary>
    public static RowShape<T>? Of(StoredTables tables, StoreMembers members)
    {
        if (tables.Find(typeof(T)) is not { } table)
            return null;
        var maker = new RowMaker(tables, new RowJoins(tables, table));
        return maker.Make(table, members, []) is not { } made ? null
            : new RowShape<T>(maker.Columns, maker.ColumnCount, maker.Joins, Expression.Lambda<Func<NpgsqlDataReader, T>>(made, maker.Row));
    }
}

/// <summary>Collects the columns while it builds the code that reads them.</summary>
file sealed class RowMaker(StoredTables tables, RowJoins joins)
{
    private readonly StringBuilder columns = new();

    public ParameterExpression Row { get; } = Expression.Parameter(typeof(NpgsqlDataReader), "row");
    public RowJoins Joins => joins;
    public string Columns => columns.ToString();
    public int ColumnCount { get; private set; }

    public MemberInitExpression? Make(StoredTable table, StoreMembers members, PropertyInfo[] path)
    {
        var bindings = new List<MemberBinding>();
        string alias = joins.Alias(path)!;
        foreach (PropertyInfo property in members.IsWhole ? table.Columns.Select(column => column.Property).Union(members.Values) : members.Values)
        {
            if (table.Column(property) is not { } column || property.SetMethod is null)
                return null;
            bindings.Add(Expression.Bind(property, Value(column, alias)));
        }
        foreach (StoreObject below in members.Objects)
        {
            if (table.Reference(below.Member) is not { } reference
                || tables.Find(reference.Target) is not { } target
                || joins.Alias([.. path, below.Member]) is null
                || Make(target, below.Members, [.. path, below.Member]) is not { } made)
            {
                return null;
            }
            bindings.Add(Expression.Bind(below.Member, made));
        }
        return Expression.MemberInit(Expression.New(table.Constructor!), bindings);
    }

    private Expression Value(StoredColumn column, string alias)
    {
        columns.Append(ColumnCount == 0 ? "" : ", ").Append(alias).Append('.').Append(column.Name);
        ConstantExpression ordinal = Expression.Constant(ColumnCount++);
        Expression stored = Expression.Call(Row, nameof(DbDataReader.GetFieldValue), [column.StoredType], ordinal);
        Expression value = column switch
        {
            { Converter: null } => stored,
            { HasEnumNames: true } => Expression.Call(typeof(EnumNames<>).MakeGenericType(column.Type), nameof(EnumNames<>.Parse), null, stored),
            { Converter.ConvertFromProviderExpression: var convert } => Expression.Invoke(convert, stored),
        };
        Type type = column.Property.PropertyType;
        if (value.Type != type)
            value = Expression.Convert(value, type);
        // Joined rows always exist, so a value is null only if its column is.
        return !column.IsNullable
            ? value
            : Expression.Condition(Expression.Call(Row, nameof(DbDataReader.IsDBNull), null, ordinal), Expression.Default(type), value);
    }
}

/// <summary>The names of an enum's values, as stored.</summary>
internal static class EnumNames<T> where T : struct, Enum
{
    private static readonly Dictionary<string, T> Values = Enum.GetValues<T>().Distinct().ToDictionary(value => value.ToString(), StringComparer.Ordinal);

    public static T Parse(string name) => Values.TryGetValue(name, out T value) ? value : Enum.Parse<T>(name);
}
