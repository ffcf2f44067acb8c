namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Stands for the value of a list whose first items are resolved: where the others come from.</summary>
internal sealed record RemainingItems(IAsyncEnumerator<object?> Source);
