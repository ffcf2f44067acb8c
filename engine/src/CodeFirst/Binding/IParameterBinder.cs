using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Gives parameters of resolvers their values in ways the engine does not know, such as a database context of the field's own.</summary>
internal interface IParameterBinder
{
    bool CanBind(ParameterInfo parameter);

    /// <summary>Asked once while the schema is made; the result is called for each execution of the field.</summary>
    Func<ResolverContext, object?> Bind(ParameterInfo parameter);

    /// <summary>
    /// A step around everything the field does, paging and projection included, where a service of its own is made before and disposed after. One for each
    /// type of parameter that a resolver has; null when there is nothing to surround it with.
    /// </summary>
    FieldMiddleware? Surround(ParameterInfo parameter) => null;
}
