using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Mycelium.Infrastructure.Events;

/// <summary>
/// A place in the order of all events, after the event of <see cref="Seq"/>. Opaque to clients, and no secret: what a subscriber sees from a place on is decided
/// by who it is, not by the cursor.
/// </summary>
/// <param name="Epoch">The database that numbered the events. After a restore from a backup numbers would repeat, so the epoch is another.</param>
/// <param name="Seq">The last event that was seen; 0 before the first.</param>
public readonly record struct EventCursor(Guid Epoch, long Seq)
{
    private const byte Version = 1;
    private const int Length = 1 + 16 + sizeof(long);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        Epoch.TryWriteBytes(bytes[1..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[17..], Seq);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out EventCursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text is null || text.Length > 2 * Length || Base64Url.DecodeFromChars(text, bytes, out _, out int length) != OperationStatus.Done
            || length != Length || bytes[0] != Version)
            return false;
        cursor = new(new Guid(bytes[1..17]), BinaryPrimitives.ReadInt64BigEndian(bytes[17..]));
        return cursor.Seq >= 0;
    }
}
