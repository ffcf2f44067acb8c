using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Deprecations from <see cref="GraphQLDeprecatedAttribute"/> or .NET's own <see cref="ObsoleteAttribute"/>.</summary>
internal static class Deprecations
{
    public static string? Of(MemberInfo member) => member.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason
        ?? (member.GetCustomAttribute<ObsoleteAttribute>() is { } obsolete ? obsolete.Message ?? BuiltInDirectives.DefaultDeprecationReason : null);

    public static string? Of(ParameterInfo parameter) => parameter.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason;
}
