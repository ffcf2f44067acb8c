using System.Reflection;
using Mycelium.GraphQL.Engine.CodeFirst;

namespace Mycelium.GraphQL.Engine.Data;

internal static class InputNames
{
    /// <summary>The prefix of input names for a type: its name in the schema.</summary>
    public static string Of(Type type) => type.GetCustomAttribute<GraphQLNameAttribute>()?.Name ?? type.Name;
}
