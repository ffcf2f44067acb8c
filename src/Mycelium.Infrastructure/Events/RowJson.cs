using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Infrastructure.Events;

/// <summary>Reads a row as PostgreSQL's <c>to_jsonb</c> writes it into the domain's entity: columns are properties in snake case, enums are their names.</summary>
internal static class RowJson
{
    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PropertyNameCaseInsensitive = true, // A jsonb column keeps the names that its writer gave.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OpenEntities } },
        Converters =
        {
            new JsonStringEnumConverter(),
            new ValueConverter<NodeId, long>(value => new NodeId(value)),
            new ValueConverter<FarmId, long>(value => new FarmId(value)),
            new ValueConverter<AccountId, Guid>(value => new AccountId(value)),
            new ValueConverter<RentalId, Guid>(value => new RentalId(value)),
            new ValueConverter<MicroUsd, long>(MicroUsd.From),
            new ValueConverter<MicroUsdPerHour, long>(MicroUsdPerHour.From),
            new ValueConverter<RentalHours, int>(RentalHours.From),
            new ValueConverter<BasisPoints, int>(BasisPoints.From),
        },
    };

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, options) ?? throw new JsonException($"A {typeof(T).Name} is null.");

    /// <summary>The row before a change: the row after it, with the columns that differ put back.</summary>
    public static string Before(string state, string previous)
    {
        JsonObject row = JsonNode.Parse(state)!.AsObject();
        foreach ((string column, JsonNode? value) in JsonNode.Parse(previous)!.AsObject())
            row[column] = value?.DeepClone();
        return row.ToJsonString();
    }

    /// <summary>Entities have private constructors and setters, so that only their methods change them; a stored row is one of the states that these made.</summary>
    private static void OpenEntities(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Assembly != typeof(GridNode).Assembly)
            return;
        if (type.CreateObject is null && type.Type.GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, []) is { } constructor)
            type.CreateObject = () => constructor.Invoke(null);
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.Set is null && property.AttributeProvider is PropertyInfo { SetMethod: { } setter })
                property.Set = (entity, value) => setter.Invoke(entity, [value]);
        }
    }

    private sealed class ValueConverter<T, TValue>(Func<TValue, T> wrap) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            wrap(JsonSerializer.Deserialize<TValue>(ref reader, options)!);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw new NotSupportedException("Rows are written by PostgreSQL.");
    }
}
