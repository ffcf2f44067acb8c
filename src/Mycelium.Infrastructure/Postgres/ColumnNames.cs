using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>A column is named after its property: <c>PricePerSlice</c> is <c>price_per_slice</c>. One rule for EF and for rows as JSON.</summary>
internal static class ColumnNames
{
    public static JsonNamingPolicy Policy => JsonNamingPolicy.SnakeCaseLower;

    public static void NameColumnsAfterProperties(this ModelBuilder model)
    {
        foreach (IMutableProperty property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(Policy.ConvertName(property.Name));
    }
}
