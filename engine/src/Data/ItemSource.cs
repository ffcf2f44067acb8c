namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Where items are. A database takes <c>a.B.C</c> with a missing B as null by itself; in memory, expressions have to look first.</summary>
internal enum ItemSource { Store, Memory }

internal static class ItemSources
{
    public static ItemSource Of(IQueryable query) => query.Provider is EnumerableQuery ? ItemSource.Memory : ItemSource.Store;
}
