using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Mycelium.Infrastructure.Grid;

/// <summary>Why a record of the grid is not believed. Each is counted.</summary>
public enum RejectionReason
{
    /// <summary>A field has another type than it should, or a number does not fit.</summary>
    WrongType,

    /// <summary>A field that we cannot do without is missing.</summary>
    Incomplete,

    /// <summary>An id that is not positive, or too large.</summary>
    ImpossibleId,

    /// <summary>Negative or absurd resources.</summary>
    ImpossibleCapacity,

    /// <summary>A text of more than 256 characters, or too many of them.</summary>
    TooLong,

    /// <summary>A word that is none of those the field may hold.</summary>
    UnknownWord,

    /// <summary>An instant before the grid began, or in the future.</summary>
    ImpossibleInstant,

    /// <summary>Coordinates off the globe, or a negative or absurd bandwidth.</summary>
    ImpossibleMeasure,

    /// <summary>The same id came before, on this page or another.</summary>
    Duplicate,

    /// <summary>A node of a farm that the grid does not list.</summary>
    UnknownFarm,
}

/// <summary>Thrown inside the reading of one record; becomes a count.</summary>
internal sealed class RejectedRecordException(RejectionReason reason) : Exception
{
    public RejectionReason Reason { get; } = reason;
}

/// <summary>One page as it was read: what can be believed, and how much of the rest there was.</summary>
/// <param name="TotalCount">What the <c>count</c> header says there is in all; null when the grid did not say.</param>
/// <param name="RecordCount">Records on the page, rejected ones included.</param>
/// <param name="RejectedIds">Of rejected records those whose id can be read, even if no node or farm can have it: they count as listed.</param>
public sealed record GridPage<T>(
    IReadOnlyList<T> Items, int RecordCount, int? TotalCount, IReadOnlyDictionary<RejectionReason, int> Rejections, IReadOnlyList<long> RejectedIds);

/// <summary>Turns the text of an answer into records, rejecting bad ones singly and a bad page whole.</summary>
internal static class Reading
{
    private static readonly JsonDocumentOptions Parsing = new() { MaxDepth = GridProxyJson.DepthMax };

    public static GridPage<T> Page<TRaw, T>(GridAnswer answer, JsonTypeInfo<TRaw> type, int size, string idName, Func<TRaw, T> read, Func<T, long> id)
    {
        using JsonDocument document = Parse(answer.Body);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new GridUnavailableException(GridFailure.NotUnderstood, "The grid's answer is no list.");
        int count = document.RootElement.GetArrayLength();
        if (count > size)
            throw new GridUnavailableException(GridFailure.NotUnderstood, $"The grid's page holds {count} records and was asked for {size}.");

        var items = new List<T>(count);
        var seen = new HashSet<long>(count);
        var rejections = new Dictionary<RejectionReason, int>();
        var rejectedIds = new List<long>();
        foreach (JsonElement element in document.RootElement.EnumerateArray())
        {
            try
            {
                T item = One(element, type, read);
                if (!seen.Add(id(item)))
                    throw new RejectedRecordException(RejectionReason.Duplicate);
                items.Add(item);
            }
            catch (RejectedRecordException rejected)
            {
                rejections[rejected.Reason] = rejections.GetValueOrDefault(rejected.Reason) + 1;
                if (rejected.Reason != RejectionReason.Duplicate && IdOf(element, idName) is { } known)
                    rejectedIds.Add(known);
            }
        }
        return new GridPage<T>(items, count, answer.TotalCount, rejections, rejectedIds);
    }

    /// <summary>A single record, where a bad one is a bad answer.</summary>
    public static T Record<TRaw, T>(GridAnswer answer, JsonTypeInfo<TRaw> type, Func<TRaw, T> read)
    {
        using JsonDocument document = Parse(answer.Body);
        try
        {
            return One(document.RootElement, type, read);
        }
        catch (RejectedRecordException rejected)
        {
            throw new GridUnavailableException(GridFailure.NotUnderstood, $"The grid's record cannot be believed: {rejected.Reason}.", rejected);
        }
    }

    private static T One<TRaw, T>(JsonElement element, JsonTypeInfo<TRaw> type, Func<TRaw, T> read)
    {
        TRaw? raw;
        try
        {
            raw = element.ValueKind == JsonValueKind.Object ? element.Deserialize(type) : default;
        }
        catch (JsonException)
        {
            raw = default;
        }
        return raw is null ? throw new RejectedRecordException(RejectionReason.WrongType) : read(raw);
    }

    private static long? IdOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long id) ? id : null;

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Parsing);
        }
        catch (JsonException broken)
        {
            throw new GridUnavailableException(GridFailure.NotUnderstood, "The grid's answer is not JSON.", broken);
        }
    }
}
