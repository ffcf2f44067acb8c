using System.Text.Json;
using Mycelium.Domain.Grids;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// What a value of the grid must be to be believed. Bounds are generous: they catch nonsense, not surprises. A value of kind undefined is a field that
/// is not there.
/// </summary>
internal static class Believable
{
    private const int TextLengthMax = 256;
    private const double BitsPerSecondMax = 1e13;
    private static readonly DateTimeOffset GridBegan = new(2018, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static bool IsMissing(JsonElement value) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    public static long Id(JsonElement value) => Required(value) switch
    {
        < 1 or > GridNumber.OwnNumberMax => throw new RejectedRecordException(GridFlawReason.ImpossibleId),
        var fine => fine,
    };

    /// <summary>Null for 0, which the grid writes where there is none.</summary>
    public static long? IdOrNone(JsonElement value) => Whole(value) is null or 0 ? null : Id(value);

    public static long Amount(JsonElement value, long max) =>
        Required(value) is >= 0 and var amount && amount <= max ? amount : throw new RejectedRecordException(GridFlawReason.ImpossibleCapacity);

    /// <summary>Without the blanks around it; null for what the grid writes when it does not know.</summary>
    public static string? Text(JsonElement value)
    {
        if (IsMissing(value))
            return null;
        string text = String(value).Trim();
        if (text.Length > TextLengthMax)
            throw new RejectedRecordException(GridFlawReason.TooLong);
        if (text.Any(char.IsControl))
            throw new RejectedRecordException(GridFlawReason.ControlCharacter);
        return text is "" or "Unknown" or "Not Specified" ? null : text;
    }

    public static string RequiredText(JsonElement value) => Text(value) ?? throw new RejectedRecordException(GridFlawReason.Incomplete);

    public static T Word<T>(JsonElement value)
        where T : struct, Enum =>
        IsMissing(value) ? throw new RejectedRecordException(GridFlawReason.Incomplete)
        : String(value) is { Length: > 0 and <= 20 } word && word.All(char.IsAsciiLetter) && Enum.TryParse(word, ignoreCase: true, out T known) ? known
        : throw new RejectedRecordException(GridFlawReason.UnknownWord);

    /// <summary>False if there is none.</summary>
    public static bool Flag(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined => false,
        _ => throw new RejectedRecordException(GridFlawReason.WrongType),
    };

    /// <summary>From Unix seconds. A day in the future is tolerated: clocks differ.</summary>
    public static DateTimeOffset Instant(JsonElement value, DateTimeOffset now)
    {
        long seconds = Required(value);
        return seconds >= GridBegan.ToUnixTimeSeconds() && seconds <= now.AddDays(1).ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new RejectedRecordException(GridFlawReason.ImpossibleInstant);
    }

    /// <summary>Null for 0, which the grid writes when it does not know.</summary>
    public static DateTimeOffset? InstantIfKnown(JsonElement value, DateTimeOffset now) => Whole(value) is null or 0 ? null : Instant(value, now);

    public static double? Degrees(JsonElement value, double max) =>
        Number(value) is { } degrees && !(Math.Abs(degrees) <= max) ? throw new RejectedRecordException(GridFlawReason.ImpossibleMeasure) : Number(value);

    /// <summary>Megabits from bits; null where the grid reports 0, which means that it never measured.</summary>
    public static double? Megabits(JsonElement value) => Number(value) switch
    {
        null or 0 => null,
        >= 0 and <= BitsPerSecondMax and { } bits => Math.Round(bits / 1e6, 3),
        _ => throw new RejectedRecordException(GridFlawReason.ImpossibleMeasure),
    };

    /// <summary>Whether there is an amount of money; it cannot be negative.</summary>
    public static bool IsFee(JsonElement value)
    {
        if (IsMissing(value))
            return false;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out decimal fee))
            throw new RejectedRecordException(GridFlawReason.WrongType);
        return fee >= 0 ? fee > 0 : throw new RejectedRecordException(GridFlawReason.ImpossibleMeasure);
    }

    /// <summary>Each item of a list, checked; one that cannot be believed is a flaw of the list. Empty if there is none.</summary>
    public static IReadOnlyList<T> List<T>(JsonElement value, int max, Func<JsonElement, T> judge)
    {
        if (IsMissing(value))
            return [];
        if (value.ValueKind != JsonValueKind.Array)
            throw new RejectedRecordException(GridFlawReason.WrongType);
        return value.GetArrayLength() <= max ? [.. value.EnumerateArray().Select(judge)] : throw new RejectedRecordException(GridFlawReason.TooLong);
    }

    /// <summary>A field of an object; of kind undefined when it has none.</summary>
    public static JsonElement Field(JsonElement value, string name) =>
        value.ValueKind != JsonValueKind.Object ? throw new RejectedRecordException(GridFlawReason.WrongType)
        : value.TryGetProperty(name, out JsonElement field) ? field : default;

    public static long Required(JsonElement value) => Whole(value) ?? throw new RejectedRecordException(GridFlawReason.Incomplete);

    private static long? Whole(JsonElement value) =>
        IsMissing(value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long whole) ? whole
        : throw new RejectedRecordException(GridFlawReason.WrongType);

    private static double? Number(JsonElement value) =>
        IsMissing(value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number
        : throw new RejectedRecordException(GridFlawReason.WrongType);

    private static string String(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new RejectedRecordException(GridFlawReason.WrongType);
        }
        catch (InvalidOperationException)
        {
            throw new RejectedRecordException(GridFlawReason.WrongType); // Half a surrogate pair, or bytes that are not UTF-8.
        }
    }
}
