using System.Reflection;
using Mycelium.GraphQL.Engine.CodeFirst;

namespace Mycelium.GraphQL.Engine.Data;

internal static class InputNames
{
    /// <summary>What inputs for a type begin with: its name in the schema.</summary>
    public static string Of(Type type) => type.GetCustomAttribute<GraphQLNameAttribute>()?.Name ?? type.Name;
}
