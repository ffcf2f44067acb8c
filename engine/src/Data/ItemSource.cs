namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Where items are stored. A database evaluates <c>a.B.C</c> to null when B is missing; in memory, expressions have to check first.
/// </summary>
internal enum ItemSource { Store, Memory }

internal static class ItemSources
{
    public static ItemSource Of(IQueryable query) => query.Provider is EnumerableQuery ? ItemSource.Memory : ItemSource.Store;
}
