namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Stands in a list for an object, an interface or a union that could not be resolved: null, with an error at its own path, and its neighbours are shown.</summary>
internal sealed record FailedItem(Exception Exception);
