using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Market;
using Mycelium.Domain.Names;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// A row as PostgreSQL's <c>to_jsonb</c> writes it, to an entity of the domain and back: columns are properties in snake case, units are numbers. One
/// statement can so return or take rows of any shape, and an event carries the row that it is about.
/// </summary>
public static class RowJson
{
    private static readonly Type[] entities =
        [typeof(GridNode), typeof(Farm), typeof(Rental), typeof(Reservation), typeof(Machine), typeof(Notification), typeof(WalletEntry), typeof(ReservedName)];

    public static JsonSerializerOptions Options { get; } = Create();

    public static T Read<T>(string json) where T : class =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"A row of {typeof(T).Name} was expected, not null.");

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = ColumnNames.Policy,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OpenEntity } },
            Converters =
            {
                new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false),
                new NumberConverter<NodeId>(id => id.Value, value => new NodeId(value)),
                new NumberConverter<FarmId>(id => id.Value, value => new FarmId(value)),
                new GuidConverter<AccountId>(id => id.Value, value => new AccountId(value)),
                new GuidConverter<QuoteId>(id => id.Value, value => new QuoteId(value)),
                new GuidConverter<ReservationId>(id => id.Value, value => new ReservationId(value)),
                new GuidConverter<RentalId>(id => id.Value, value => new RentalId(value)),
                new GuidConverter<ReservedNameId>(id => id.Value, value => new ReservedNameId(value)),
                new GuidConverter<LedgerEntryId>(id => id.Value, value => new LedgerEntryId(value)),
                new GuidConverter<NotificationId>(id => id.Value, value => new NotificationId(value)),
                new NumberConverter<MicroUsd>(amount => amount.Value, MicroUsd.From),
                new NumberConverter<MicroUsdPerHour>(rate => rate.Value, MicroUsdPerHour.From),
                new NumberConverter<RentalHours>(hours => hours.Value, value => RentalHours.From(checked((int)value))),
                new NumberConverter<BasisPoints>(points => points.Value, value => BasisPoints.From(checked((int)value))),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Entities have private constructors and setters, for EF and for this; a row's neighbours are read, never written.</summary>
    private static void OpenEntity(JsonTypeInfo type)
    {
        if (!entities.Contains(type.Type))
            return;

        type.CreateObject = () => Activator.CreateInstance(type.Type, nonPublic: true)!;
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.AttributeProvider is PropertyInfo { SetMethod: { } } declared)
                property.Set = declared.SetValue;
            if (property.PropertyType == typeof(GridNode) || property.PropertyType == typeof(Farm))
                property.ShouldSerialize = (_, _) => false;
        }
    }

    private sealed class NumberConverter<T>(Func<T, long> write, Func<long, T> read) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => read(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(write(value));
    }

    private sealed class GuidConverter<T>(Func<T, Guid> write, Func<Guid, T> read) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => read(reader.GetGuid());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
    }
}
