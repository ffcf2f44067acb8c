namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Signs the cursors of pages, if a host registers one as a service: cursors that the service did not issue are then rejected. Without one, anybody
/// can make up a cursor, which is only a position. It is called for every selected cursor, from many threads, so it must be fast and thread-safe.
/// </summary>
public interface ICursorSeal
{
    /// <summary>The length of a seal in bytes; every cursor is longer by this.</summary>
    int Length { get; }

    /// <param name="purpose">Identifies the list and order of the cursor: 32 bytes. A seal must not fit any other.</param>
    /// <param name="content">What is signed.</param>
    /// <param name="seal">Receives the seal: <see cref="Length"/> bytes.</param>
    void Write(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> content, Span<byte> seal);

    /// <summary>Whether the seal fits this purpose and content. Its timing must not reveal which byte is wrong.</summary>
    bool Fits(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> content, ReadOnlySpan<byte> seal);
}
