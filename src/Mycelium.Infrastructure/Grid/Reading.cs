using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mycelium.Domain.Grids;

namespace Mycelium.Infrastructure.Grid;

/// <summary>Why a record of a grid, or a field of it, is not believed. New reasons may be added.</summary>
public enum GridFlawReason
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

    /// <summary>A word that the field may not hold.</summary>
    UnknownWord,

    /// <summary>A text with characters that no line of text has.</summary>
    ControlCharacter,

    /// <summary>A country by a name that we do not know: the node has neither country code nor region.</summary>
    UnknownCountry,

    /// <summary>An instant before the grid began, or in the future.</summary>
    ImpossibleInstant,

    /// <summary>Coordinates off the globe, or a negative or absurd bandwidth.</summary>
    ImpossibleMeasure,

    /// <summary>The same id came before, on this page. Where the two records contradict each other, neither is believed.</summary>
    Duplicate,

    /// <summary>A node of a farm that the grid does not list, or whose owner it does not report credibly.</summary>
    UnknownFarm,

    /// <summary>A farm's twin that is not linked, while another account owns the farm.</summary>
    UnlinkedTwin,

    /// <summary>A reason that this server does not know yet: replicas of a newer release run next to it.</summary>
    Other,
}

/// <summary>Thrown inside the reading of one field or record; becomes a flaw, and a count.</summary>
internal sealed class RejectedRecordException(GridFlawReason reason) : Exception
{
    public GridFlawReason Reason { get; } = reason;
}

/// <summary>One page as it was read: what can be believed, and what is wrong with the rest.</summary>
/// <param name="Items">With what could not be read of each marked in it. Of records with the same id the first.</param>
/// <param name="TotalCount">The total in the <c>count</c> header; null when the grid sent none.</param>
/// <param name="RecordCount">Records on the page, rejected ones included.</param>
/// <param name="Rejections">Records that are not among the items, or that leave open whether their subject can be sold.</param>
/// <param name="RejectedIds">Ids that can be read but that no node or farm can have: they count as listed.</param>
/// <param name="UnreadableCount">Records without an id that can be read.</param>
/// <param name="Flaws">Everything that was not believed.</param>
public sealed record GridPage<T>(
    IReadOnlyList<T> Items, int RecordCount, int? TotalCount, IReadOnlyDictionary<GridFlawReason, int> Rejections, IReadOnlyList<long> RejectedIds,
    int UnreadableCount, IReadOnlyList<FlawSeen> Flaws)
{
    /// <summary>Records whose id came before on this page.</summary>
    public int RepeatedCount => RecordCount - Items.Count - RejectedIds.Count - UnreadableCount;
}

/// <summary>How the records of a list are read.</summary>
/// <param name="Subject">What they describe.</param>
/// <param name="IdName">The field with the id.</param>
/// <param name="Read">Notes in the record what cannot be believed; throws when nothing can.</param>
/// <param name="Reconcile">The record that two with the same id are merged into.</param>
internal sealed record RecordReading<T>(
    GridFlawSubject Subject, string IdName, JsonCut.FieldNames Names, Func<RawRecord, GridMoment, T> Read, Func<T, long> Id, Func<T, T, T> Reconcile);

/// <summary>Turns the text of an answer into records. A record that cannot be believed is dropped, and so is a page that is not a list.</summary>
internal static class Reading
{
    private static readonly JsonDocumentOptions Parsing = new() { MaxDepth = GridProxyJson.DepthMax };

    public static GridPage<T> Page<T>(GridAnswer answer, RecordReading<T> reading, int size, GridMoment moment)
    {
        List<ReadOnlyMemory<byte>> records = JsonCut.List(answer.Body, size)
            ?? throw new GridUnavailableException(GridFailure.NotUnderstood, $"The grid's answer is not a list of at most {size} records.");
        var page = new PageReading<T>(reading, moment, records.Count);
        foreach (ReadOnlyMemory<byte> record in records)
            page.Add(record);
        return page.Result(answer.TotalCount);
    }

    /// <summary>A single record, where a bad one is a bad answer.</summary>
    public static T Record<T>(GridAnswer answer, JsonTypeInfo<T> type)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer.Body, Parsing);
            return document.RootElement.Deserialize(type) ?? throw new JsonException("The record is null.");
        }
        catch (JsonException broken)
        {
            throw new GridUnavailableException(GridFailure.NotUnderstood, "The grid's answer is not the record that it should be.", broken);
        }
    }
}
