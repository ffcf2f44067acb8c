using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Mycelium.Infrastructure.Cursors;

namespace Mycelium.Infrastructure.Events;

/// <summary>
/// Places in the order of events as clients carry them: signed, so that none can be made up. One signature holds for all streams: <c>streamCursor</c> goes with
/// each of them, and what a subscriber sees from there depends on its account.
/// </summary>
public sealed class EventCursors(CursorSecret secret)
{
    /// <summary>Version, epoch, number and mark; then the secret's print and the seal.</summary>
    private const int SealedLength = UnsealedLength + CursorSecret.PrintLength + CursorSecret.SealLength;

    private const byte Version = 3;
    private const byte VersionWithoutSeal = 2;
    private const byte VersionWithoutMark = 1;
    private const int LengthWithoutMark = 1 + 16 + sizeof(long);
    private const int UnsealedLength = LengthWithoutMark + sizeof(long);

    private static readonly byte[] purpose = SHA256.HashData("events"u8);

    public string Write(EventCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[SealedLength];
        bytes[0] = Version;
        cursor.Epoch.TryWriteBytes(bytes[1..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[17..], cursor.Seq);
        BinaryPrimitives.WriteInt64BigEndian(bytes[LengthWithoutMark..], cursor.Mark ?? EventCursor.Unmarked);
        secret.Print.CopyTo(bytes[UnsealedLength..]);
        secret.Seal(purpose, bytes[..UnsealedLength], bytes[^CursorSecret.SealLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>
    /// False when the text is not a cursor, or was changed. A cursor of a release that signed none, or of a lost secret, is a place that cannot be resumed
    /// from: its client gets a reset and a snapshot.
    /// </summary>
    public bool TryRead([NotNullWhen(true)] string? text, out EventCursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[SealedLength];
        if (text is null || text.Length > 2 * SealedLength || Base64Url.DecodeFromChars(text, bytes, out _, out int length) != OperationStatus.Done)
            return false;
        bool isSigned = (bytes[0], length) is (Version, SealedLength);
        if (!isSigned && (bytes[0], length) is not ((VersionWithoutSeal, UnsealedLength) or (VersionWithoutMark, LengthWithoutMark)))
            return false;
        bool isOurs = isSigned && bytes.Slice(UnsealedLength, CursorSecret.PrintLength).SequenceEqual(secret.Print);
        if (isOurs && !secret.Fits(purpose, bytes[..UnsealedLength], bytes[^CursorSecret.SealLength..]))
            return false;
        cursor = new(
            new Guid(bytes[1..17]), BinaryPrimitives.ReadInt64BigEndian(bytes[17..]),
            isOurs ? BinaryPrimitives.ReadInt64BigEndian(bytes[LengthWithoutMark..]) : EventCursor.Unmarked);
        return cursor.Seq >= 0;
    }
}
