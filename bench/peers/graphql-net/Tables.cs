using Npgsql;

namespace Mycelium.Bench.GraphQLNet;

/// <summary>A field that a column holds.</summary>
internal sealed record Column<T>(string Field, string Name, Action<T, NpgsqlDataReader, int> Take);

/// <summary>The columns to read from a table.</summary>
internal sealed class Shape<T>(Column<T>[] columns) where T : new()
{
    public int Count => columns.Length;

    public string Sql(string alias) => string.Join(", ", columns.Select(column => $"{alias}.{column.Name}"));

    /// <param name="first">Where in the row its columns begin.</param>
    public T Read(NpgsqlDataReader row, int first = 0)
    {
        var read = new T();
        for (int i = 0; i < columns.Length; i++)
            columns[i].Take(read, row, first + i);
        return read;
    }
}

internal sealed class Table<T>(Column<T>[] columns) where T : new()
{
    public Shape<T> Whole { get; } = new(columns);

    /// <summary>The columns of these fields; fields without a column are left out.</summary>
    public Shape<T> Of(IReadOnlySet<string> fields) => new([.. columns.Where(column => fields.Contains(column.Field))]);
}

/// <summary>The columns of the fields in the schema, by field name, and the keys.</summary>
internal static class Tables
{
    public static Table<FarmRow> Farms { get; } = new(
    [
        new("#id", "id", (to, row, i) => to.Id = row.GetInt64(i)),
        new("name", "name", (to, row, i) => to.Name = row.GetString(i)),
        new("certification", "certification", (to, row, i) => to.Certification = row.GetString(i)),
        new("freePublicIpCount", "free_public_ip_count", (to, row, i) => to.FreePublicIpCount = row.GetInt32(i)),
    ]);

    public static Table<NodeRow> Nodes { get; } = new(
    [
        new("gridId", "id", (to, row, i) => to.Id = row.GetInt64(i)),
        new("#farm", "farm_id", (to, row, i) => to.FarmId = row.GetInt64(i)),
        new("status", "status", (to, row, i) => to.Status = row.GetString(i)),
        new("certification", "certification", (to, row, i) => to.Certification = row.GetString(i)),
        new("country", "country", (to, row, i) => to.Country = row.Text(i)),
        new("countryCode", "country_code", (to, row, i) => to.CountryCode = row.Text(i)),
        new("city", "city", (to, row, i) => to.City = row.Text(i)),
        new("latitude", "latitude", (to, row, i) => to.Latitude = row.Number(i)),
        new("longitude", "longitude", (to, row, i) => to.Longitude = row.Number(i)),
        new("totalCores", "total_cores", (to, row, i) => to.TotalCores = row.GetInt32(i)),
        new("totalMemoryBytes", "total_memory_bytes", (to, row, i) => to.TotalMemoryBytes = row.GetInt64(i)),
        new("uptimePercent", "uptime_percent", (to, row, i) => to.UptimePercent = row.Number(i)),
    ]);

    public static Table<CombinationRow> Combinations { get; } = new(
    [
        new("id", "id", (to, row, i) => to.Id = row.GetInt64(i)),
        new("#node", "node_id", (to, row, i) => to.NodeId = row.GetInt64(i)),
        new("#farm", "farm_id", (to, row, i) => to.FarmId = row.GetInt64(i)),
        new("multiplier", "multiplier", (to, row, i) => to.Multiplier = row.GetInt32(i)),
        new("cores", "cores", (to, row, i) => to.Cores = row.GetInt32(i)),
        new("memoryBytes", "memory_bytes", (to, row, i) => to.MemoryBytes = row.GetInt64(i)),
        new("ssdBytes", "ssd_bytes", (to, row, i) => to.SsdBytes = row.GetInt64(i)),
        new("quantityAvailable", "quantity_available", (to, row, i) => to.QuantityAvailable = row.GetInt32(i)),
        new("pricePerHour", "price_per_hour", (to, row, i) => to.PricePerHour = row.GetInt64(i)),
        new("pricePerMonth", "price_per_month", (to, row, i) => to.PricePerMonth = row.GetInt64(i)),
        new("country", "country", (to, row, i) => to.Country = row.Text(i)),
        new("countryCode", "country_code", (to, row, i) => to.CountryCode = row.Text(i)),
        new("city", "city", (to, row, i) => to.City = row.Text(i)),
    ]);

    private static string? Text(this NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : row.GetString(ordinal);

    private static double? Number(this NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : row.GetDouble(ordinal);
}
