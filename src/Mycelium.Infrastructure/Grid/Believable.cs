using Mycelium.Domain.Grids;

namespace Mycelium.Infrastructure.Grid;

/// <summary>What a value of the grid must be to be taken at its word. Bounds are generous: they catch nonsense, not surprises.</summary>
internal static class Believable
{
    private const int TextLengthMax = 256;
    private const double BitsPerSecondMax = 1e13;
    private static readonly DateTimeOffset GridBegan = new(2018, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static long Id(long? id) => id switch
    {
        null => throw new RejectedRecordException(RejectionReason.Incomplete),
        < 1 or > GridNumber.OwnNumberMax => throw new RejectedRecordException(RejectionReason.ImpossibleId),
        { } fine => fine,
    };

    public static long Amount(long? amount, long max) => amount switch
    {
        null => throw new RejectedRecordException(RejectionReason.Incomplete),
        < 0 => throw new RejectedRecordException(RejectionReason.ImpossibleCapacity),
        { } fine => fine <= max ? fine : throw new RejectedRecordException(RejectionReason.ImpossibleCapacity),
    };

    /// <summary>Null for what the grid writes when it does not know.</summary>
    public static string? Text(string? text) => text switch
    {
        { Length: > TextLengthMax } => throw new RejectedRecordException(RejectionReason.TooLong),
        null or "" or "Unknown" or "Not Specified" => null,
        _ when text.Contains('\0', StringComparison.Ordinal) => throw new RejectedRecordException(RejectionReason.WrongType), // PostgreSQL stores no NUL.
        _ => text,
    };

    public static T Word<T>(string? word)
        where T : struct, Enum =>
        word is null ? throw new RejectedRecordException(RejectionReason.Incomplete)
        : word.Length <= 20 && word.All(char.IsAsciiLetter) && Enum.TryParse(word, ignoreCase: true, out T value) ? value
        : throw new RejectedRecordException(RejectionReason.UnknownWord);

    /// <summary>From Unix seconds. A day of the future is forgiven: clocks differ.</summary>
    public static DateTimeOffset Instant(long? seconds, DateTimeOffset now)
    {
        if (seconds is not { } known)
            throw new RejectedRecordException(RejectionReason.Incomplete);
        if (known < GridBegan.ToUnixTimeSeconds() || known > now.AddDays(1).ToUnixTimeSeconds())
            throw new RejectedRecordException(RejectionReason.ImpossibleInstant);
        return DateTimeOffset.FromUnixTimeSeconds(known);
    }

    public static double? Degrees(double? degrees, double max) =>
        degrees is { } known && !(Math.Abs(known) <= max) ? throw new RejectedRecordException(RejectionReason.ImpossibleMeasure) : degrees;

    /// <summary>Megabits from bits; null where the grid says 0, which it says when it never measured.</summary>
    public static double? Megabits(double? bitsPerSecond) => bitsPerSecond switch
    {
        null or 0 => null,
        >= 0 and <= BitsPerSecondMax => Math.Round(bitsPerSecond.Value / 1e6, 3),
        _ => throw new RejectedRecordException(RejectionReason.ImpossibleMeasure),
    };

    public static IReadOnlyList<T> Few<T>(IReadOnlyList<T>? items, int max) =>
        items is null ? [] : items.Count <= max ? items : throw new RejectedRecordException(RejectionReason.TooLong);
}
