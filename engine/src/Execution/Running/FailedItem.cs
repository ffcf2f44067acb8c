namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Stands in a list for an object, an interface or a union that could not be resolved: it becomes null, with an error at its own path, and its
/// neighbours are not affected.
/// </summary>
internal sealed record FailedItem(Exception Exception);
