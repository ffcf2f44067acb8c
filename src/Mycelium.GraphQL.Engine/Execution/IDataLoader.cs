namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Collects keys while resolvers run and fetches them together. One instance a request and type: it also caches for that long.</summary>
public interface IDataLoader;
