using System.Buffers.Text;
using System.Globalization;
using System.Text;
using global::GraphQL.Types;

namespace Mycelium.Bench.GraphQLNet;

/// <summary>Micro-dollars as dollars with six digits after the point.</summary>
internal sealed class UsdAmountType : ScalarGraphType
{
    public UsdAmountType() => Name = "UsdAmount";

    public override object? ParseValue(object? value) => throw new NotSupportedException();

    public override object? Serialize(object? value) =>
        value is long micro ? new decimal((int)micro, (int)(micro >> 32), 0, isNegative: false, scale: 6).ToString(CultureInfo.InvariantCulture) : null;
}

internal static class GlobalId
{
    /// <summary>The opaque id: base64 of the type's name and the number.</summary>
    public static string Of(long id)
    {
        Span<byte> plain = stackalloc byte[64];
        int length = Encoding.UTF8.GetBytes("SliceCombination:", plain);
        id.TryFormat(plain[length..], out int digits, provider: CultureInfo.InvariantCulture);
        return Convert.ToBase64String(plain[..(length + digits)]);
    }
}

internal abstract class StoredNames : EnumerationGraphType
{
    protected StoredNames(string name, params ReadOnlySpan<(string Name, string Stored)> values)
    {
        Name = name;
        foreach ((string shown, string stored) in values)
            Add(shown, stored);
    }
}

internal sealed class NodeStatusType() : StoredNames("NodeStatus", ("UP", "Up"), ("DOWN", "Down"), ("STANDBY", "Standby"));

internal sealed class NodeCertificationType() : StoredNames("NodeCertification", ("DIY", "Diy"), ("CERTIFIED", "Certified"));

internal sealed class FarmCertificationType() : StoredNames("FarmCertification", ("NOT_CERTIFIED", "NotCertified"), ("SILVER", "Silver"), ("GOLD", "Gold"));

internal sealed class RegionType : EnumerationGraphType
{
    public RegionType()
    {
        Name = "Region";
        foreach (string stored in (string[])["Africa", "Americas", "Antarctic", "Asia", "Europe", "Oceania"])
            Add(stored.ToUpperInvariant(), stored);
    }
}

internal sealed class RegionFilterType : InputObjectGraphType
{
    public RegionFilterType()
    {
        Name = "RegionOperationFilterInput";
        Field<RegionType>("eq");
    }
}

internal sealed class NumberFilterType : InputObjectGraphType
{
    public NumberFilterType()
    {
        Name = "IntOperationFilterInput";
        Field<IntGraphType>("eq");
        Field<IntGraphType>("gte");
    }
}

internal sealed class SearchFilterType : InputObjectGraphType
{
    public SearchFilterType()
    {
        Name = "SliceCombinationFilterInput";
        Field<RegionFilterType>("region");
        Field<NumberFilterType>("multiplier");
        Field<NumberFilterType>("quantityAvailable");
    }
}

internal sealed class SearchSortType : InputObjectGraphType
{
    public SearchSortType()
    {
        Name = "SliceCombinationSortInput";
        Field<DirectionType>("pricePerHour");
    }
}

internal sealed class DirectionType : EnumerationGraphType
{
    public DirectionType()
    {
        Name = "SortEnumType";
        Add("ASC", "ASC");
    }
}
