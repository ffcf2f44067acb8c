namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Signs the cursors of pages, where a host registers one as a service: then a cursor that the service has not given out is refused. Without one, a cursor is a position that anybody may make
/// up. It is called for every cursor that is selected, so it has to be fast; and from many threads.
/// </summary>
public interface ICursorSeal
{
    /// <summary>Bytes of a seal; every cursor has so many more.</summary>
    int Length { get; }

    /// <param name="purpose">Which list in which order the cursor is of: 32 bytes. A seal must fit no other.</param>
    /// <param name="content">What is signed.</param>
    /// <param name="seal">Where the seal is written: <see cref="Length"/> bytes.</param>
    void Write(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> content, Span<byte> seal);

    /// <summary>Whether the seal is one for this purpose and content. Must not tell by its time which byte is wrong.</summary>
    bool Fits(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> content, ReadOnlySpan<byte> seal);
}
