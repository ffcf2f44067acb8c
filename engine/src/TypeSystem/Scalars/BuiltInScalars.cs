namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// The scalars that the engine implements. Each schema has its own instances, since a service may describe or convert them differently.
/// </summary>
internal static class BuiltInScalars
{
    public static bool IsSpecified(string name) => name is "Int" or "Float" or "String" or "Boolean" or "ID";

    /// <summary>A new scalar with that name, or null when the engine has none.</summary>
    public static ScalarType? Create(string name)
    {
        ScalarType? type = name switch
        {
            "Int" => new IntType(),
            "Float" => new FloatType(),
            "String" => new StringType(),
            "Boolean" => new BooleanType(),
            "ID" => new IdType(),
            "Long" => new LongType(),
            "Decimal" => new DecimalType(),
            "DateTime" => new DateTimeType(),
            "UUID" => new UuidType(),
            "Duration" => new DurationType(),
            "URL" => new UrlType(),
            "Any" => new AnyType(),
            "Date" => new DateType(),
            "LocalDate" => new LocalDateType(),
            "LocalDateTime" => new LocalDateTimeType(),
            "LocalTime" => new LocalTimeType(),
            "Base64String" => new Base64StringType(),
            "Latitude" => new LatitudeType(),
            "Longitude" => new LongitudeType(),
            "Short" => new ShortType(),
            "Byte" => new ByteType(),
            "UnsignedByte" => new UnsignedByteType(),
            "UnsignedShort" => new UnsignedShortType(),
            "UnsignedInt" => new UnsignedIntType(),
            "UnsignedLong" => new UnsignedLongType(),
            _ => null,
        };
        if (type is not null && IsSpecified(name))
        {
            type.IsBuiltIn = true;
            type.Description = SpecifiedDescription(name);
        }
        return type;
    }

    private static string SpecifiedDescription(string name) => name switch
    {
        "Int" => "A whole number of 32 bits with a sign.",
        "Float" => "A finite number of double precision as IEEE 754 defines it.",
        "String" => "Text: a sequence of Unicode characters.",
        "Boolean" => "`true` or `false`.",
        _ => "A unique identifier, opaque to clients. It is written as a string and taken as a string or a whole number.",
    };
}
