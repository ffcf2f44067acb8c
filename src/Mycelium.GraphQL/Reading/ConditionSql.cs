using System.Text;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Postgres.Reading;
using Npgsql;

namespace Mycelium.GraphQL.Reading;

/// <summary>Writes conditions as SQL. Values from clients are always parameters.</summary>
internal sealed class ConditionSql(RowJoins joins, NpgsqlParameterCollection parameters)
{
    private const string Folded = $"{FoldedText.Function}(";
    private readonly StringBuilder text = new();

    /// <summary>False if the condition is about something that is not a column.</summary>
    public bool TryWrite(StoreCondition condition)
    {
        switch (condition)
        {
            case StoreJunction { Conditions.Count: 0 } nothing:
                text.Append(nothing.IsAll ? "true" : "false");
                return true;
            case StoreJunction junction:
                return TryJoin(junction);
            case StoreComparison comparison when joins.Column(comparison.Path.Members) is var (alias, column):
                Write(comparison, column, $"{alias}.{column.Name}");
                return true;
            default:
                return false;
        }
    }

    public override string ToString() => text.ToString();

    private bool TryJoin(StoreJunction junction)
    {
        for (int i = 0; i < junction.Conditions.Count; i++)
        {
            text.Append(i == 0 ? "(" : junction.IsAll ? " AND " : " OR ");
            if (!TryWrite(junction.Conditions[i]))
                return false;
        }
        text.Append(')');
        return true;
    }

    private void Write(StoreComparison comparison, StoredColumn column, string value)
    {
        if (comparison is { Operand: null })
        {
            text.Append(value).Append(comparison.IsOpposite ? " IS NOT NULL" : " IS NULL");
            return;
        }
        // The opposite of a comparison is true for null, unless null is one of the compared values.
        bool holdsForNull = comparison.Path.IsNullable && comparison.IsOpposite != comparison.HasNull;
        bool excludesNull = comparison.Path.IsNullable && comparison is { IsOpposite: true, HasNull: true };
        if (holdsForNull || excludesNull)
            text.Append('(').Append(value).Append(holdsForNull ? " IS NULL OR " : " IS NOT NULL AND ");
        WriteValue(comparison, column, value);
        if (holdsForNull || excludesNull)
            text.Append(')');
    }

    private void WriteValue(StoreComparison comparison, StoredColumn column, string value)
    {
        switch (comparison.Operator)
        {
            case FilterOperator.In:
                text.Append(comparison.IsOpposite ? "NOT (" : "").Append(value).Append(" = ANY (").Append(Add(column.Parameter((Array)comparison.Operand!)))
                    .Append(comparison.IsOpposite ? "))" : ")");
                break;
            case FilterOperator.Equal or FilterOperator.Greater or FilterOperator.GreaterOrEqual or FilterOperator.Less or FilterOperator.LessOrEqual:
                text.Append(value).Append(Sign(comparison.Operator, comparison.IsOpposite)).Append(Add(column.Parameter(comparison.Operand!)));
                break;
            case FilterOperator.EqualIgnoreCase:
                text.Append(Folded).Append(value).Append(comparison.IsOpposite ? ") <> " : ") = ").Append(Add(Text(Fold(comparison))));
                break;
            default:
                bool ignoresCase = comparison.Operator > FilterOperator.EqualIgnoreCase;
                text.Append(ignoresCase ? Folded : "").Append(value).Append(ignoresCase ? ")" : "")
                    .Append(comparison.IsOpposite ? " NOT LIKE " : " LIKE ").Append(Add(Text(Pattern(comparison, ignoresCase))));
                break;
        }
    }

    private static string Sign(FilterOperator comparison, bool isOpposite) => (comparison, isOpposite) switch
    {
        (FilterOperator.Equal, false) => " = ",
        (FilterOperator.Equal, true) => " <> ",
        (FilterOperator.Greater, false) or (FilterOperator.LessOrEqual, true) => " > ",
        (FilterOperator.GreaterOrEqual, false) or (FilterOperator.Less, true) => " >= ",
        (FilterOperator.Less, false) or (FilterOperator.GreaterOrEqual, true) => " < ",
        _ => " <= ",
    };

    private static string Pattern(StoreComparison comparison, bool ignoresCase)
    {
        string given = ignoresCase ? Fold(comparison) : (string)comparison.Operand!;
        string escaped = given
            .Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);
        return comparison.Operator switch
        {
            FilterOperator.Contains or FilterOperator.ContainsIgnoreCase => $"%{escaped}%",
            FilterOperator.StartsWith or FilterOperator.StartsWithIgnoreCase => $"{escaped}%",
            _ => $"%{escaped}",
        };
    }

    private static string Fold(StoreComparison comparison) => CaseFolding.Fold((string)comparison.Operand!);

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private string Add(NpgsqlParameter parameter)
    {
        parameters.Add(parameter);
        return $"${parameters.Count}";
    }
}
