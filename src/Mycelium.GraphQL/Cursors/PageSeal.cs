using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Cursors;

namespace Mycelium.GraphQL.Cursors;

/// <summary>Signs the cursors of pages with a secret that all replicas share.</summary>
internal sealed class PageSeal(CursorSecret secret) : ICursorSeal
{
    public int Length => CursorSecret.SealLength;

    public void Write(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> content, Span<byte> seal) => secret.Seal(purpose, content, seal);

    public bool Fits(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> content, ReadOnlySpan<byte> seal) => secret.Fits(purpose, content, seal);
}
