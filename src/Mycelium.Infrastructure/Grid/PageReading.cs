using System.Text.Json;

namespace Mycelium.Infrastructure.Grid;

/// <summary>One page while its records are read one after the other.</summary>
internal sealed class PageReading<T>(RecordReading<T> reading, GridMoment moment, int recordCount)
{
    private readonly List<T> items = new(recordCount);
    private readonly Dictionary<long, int> positions = new(recordCount);
    private readonly Dictionary<GridFlawReason, int> rejections = [];
    private readonly HashSet<long> rejectedIds = [];
    private readonly List<FlawSeen> flaws = [];
    private int unreadableCount;

    public void Add(ReadOnlyMemory<byte> text)
    {
        if (JsonCut.Fields(text, reading.Names) is not { } fields)
        {
            Reject(0, FlawSeen.Record, GridFlawReason.WrongType);
            unreadableCount++;
            return;
        }
        var record = new RawRecord(fields);
        try
        {
            Take(reading.Read(record, moment), record);
        }
        catch (RejectedRecordException rejected)
        {
            if (IdOf(record) is not { } id)
                unreadableCount++;
            else if (!rejectedIds.Add(id))
                return; // Already reported.
            Reject(IdOf(record) ?? 0, reading.IdName, rejected.Reason);
        }
    }

    public GridPage<T> Result(int? totalCount) => new(items, recordCount, totalCount, rejections, [.. rejectedIds], unreadableCount, flaws);

    private void Take(T item, RawRecord record)
    {
        long id = reading.Id(item);
        if (!positions.TryAdd(id, items.Count))
        {
            items[positions[id]] = reading.Reconcile(items[positions[id]], item);
            Reject(id, FlawSeen.Record, GridFlawReason.Duplicate);
            return;
        }
        items.Add(item);
        foreach (FieldFlaw flaw in record.Flaws)
            flaws.Add(new FlawSeen(reading.Subject, id, flaw.Field, flaw.Reason, flaw.Value));
        if (record.Doubt is { } doubt)
            Count(doubt);
    }

    private void Reject(long id, string field, GridFlawReason reason)
    {
        Count(reason);
        flaws.Add(new FlawSeen(reading.Subject, id, field, reason, ""));
    }

    private void Count(GridFlawReason reason) => rejections[reason] = rejections.GetValueOrDefault(reason) + 1;

    private long? IdOf(RawRecord record)
    {
        try
        {
            return record.Value(reading.IdName) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long id) ? id : null;
        }
        catch (RejectedRecordException)
        {
            return null;
        }
    }
}
