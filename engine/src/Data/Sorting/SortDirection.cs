namespace Mycelium.GraphQL.Engine.Data;

internal enum SortDirection { Ascending, Descending }
