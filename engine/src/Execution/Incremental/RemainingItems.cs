namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Stands for the value of a list whose first items are resolved: the source of the others.</summary>
internal sealed record RemainingItems(IAsyncEnumerator<object?> Source);
