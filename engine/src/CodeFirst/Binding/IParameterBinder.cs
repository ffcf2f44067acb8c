using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Supplies resolver parameters in ways the engine does not know, such as a database context for each field.</summary>
internal interface IParameterBinder
{
    bool CanBind(ParameterInfo parameter);

    /// <summary>Called once while the schema is built; the result is called for each execution of the field.</summary>
    Func<ResolverContext, object?> Bind(ParameterInfo parameter);

    /// <summary>
    /// A step around everything the field does, including paging and projection, that can create a service before and dispose it after. Called once
    /// per type of resolver parameter; null when nothing is needed.
    /// </summary>
    FieldMiddleware? Surround(ParameterInfo parameter) => null;
}
