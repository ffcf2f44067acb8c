namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// The requested page of a list. <see href="https://relay.dev/graphql/connections.htm#sec-Arguments"/> <see cref="First"/> counts from the start or
/// from <see cref="After"/>, <see cref="Last"/> backward from the end or from <see cref="Before"/>.
/// </summary>
public sealed record PagingArguments(int? First = null, string? After = null, int? Last = null, string? Before = null)
{
    internal bool IsBackward => Last is not null;

    /// <summary>The maximum number of items on the page.</summary>
    internal int Size => Last ?? First ?? PagingBounds.Default.DefaultPageSize;
}
