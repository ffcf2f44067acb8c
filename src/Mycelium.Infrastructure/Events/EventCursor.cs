using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Mycelium.Infrastructure.Events;

/// <summary>
/// A place in the order of all events, after the event of <see cref="Seq"/>. Opaque to clients, and no secret: what a subscriber sees from a place on is decided
/// by who it is, not by the cursor.
/// </summary>
/// <param name="Epoch">The database that numbered the events, between two moments at which it was put back to an earlier time.</param>
/// <param name="Seq">The last event that was seen; 0 before the first.</param>
/// <param name="Mark">
/// The random mark of that event: after a failover or a restore another event may have its number, and none has its mark. 0 before the first event and for one numbered before
/// there were marks; <see cref="Unmarked"/> for a place that nobody can resume from; null for a cursor that the release before this one gave out, which had no marks.
/// </param>
public readonly record struct EventCursor(Guid Epoch, long Seq, long? Mark)
{
    /// <summary>No event has this mark: whoever returns with it gets a reset and a snapshot.</summary>
    public const long Unmarked = -1;

    private const byte Version = 2;
    private const byte VersionWithoutMark = 1;
    private const int LengthWithoutMark = 1 + 16 + sizeof(long);
    private const int Length = LengthWithoutMark + sizeof(long);

    /// <summary>The place right after the next event.</summary>
    public EventCursor After(CommittedEvent next) => this with { Seq = next.Seq, Mark = next.Mark };

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        Epoch.TryWriteBytes(bytes[1..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[17..], Seq);
        BinaryPrimitives.WriteInt64BigEndian(bytes[LengthWithoutMark..], Mark ?? Unmarked);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out EventCursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text is null || text.Length > 2 * Length || Base64Url.DecodeFromChars(text, bytes, out _, out int length) != OperationStatus.Done)
            return false;
        long? mark = (bytes[0], length) switch
        {
            (Version, Length) => BinaryPrimitives.ReadInt64BigEndian(bytes[LengthWithoutMark..]),
            (VersionWithoutMark, LengthWithoutMark) => null,
            _ => long.MinValue,
        };
        cursor = new(new Guid(bytes[1..17]), BinaryPrimitives.ReadInt64BigEndian(bytes[17..]), mark);
        return mark is not long.MinValue && cursor.Seq >= 0;
    }
}
