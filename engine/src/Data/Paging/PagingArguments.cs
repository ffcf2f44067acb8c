namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Which page of a list is asked for. <see href="https://relay.dev/graphql/connections.htm#sec-Arguments"/>
/// <see cref="First"/> counts from the start or from <see cref="After"/>, <see cref="Last"/> backward from the end or from <see cref="Before"/>.
/// </summary>
public sealed record PagingArguments(int? First = null, string? After = null, int? Last = null, string? Before = null)
{
    internal bool IsBackward => Last is not null;

    /// <summary>How many items the page has at most.</summary>
    internal int Size => Last ?? First ?? PagingBounds.Default.DefaultPageSize;
}
