using System.Globalization;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <param name="MaxAge">Seconds.</param>
internal sealed record CacheControlHint(int? MaxAge, bool IsPrivate, bool InheritMaxAge);

/// <summary>
/// <c>@cacheControl</c> as in Apollo's and HotChocolate's servers. <see href="https://www.apollographql.com/docs/apollo-server/performance/caching"/>
/// </summary>
internal static class CacheControlDirective
{
    public const string Name = "cacheControl";

    public const string Definition = """
        "How long a response may be cached, and for whom."
        directive @cacheControl(
          "For how many seconds the value may be cached."
          maxAge: Int
          "Whether everyone gets the same value, or each caller their own. PUBLIC by default."
          scope: CacheControlScope
          "The value may be cached for as long as the object that it belongs to."
          inheritMaxAge: Boolean
        ) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
        """;

    /// <summary>The hint of the field, or else of the type that it returns.</summary>
    public static CacheControlHint? HintOf(FieldDefinition field) => Read(field.Directives) ?? Read(field.Type.Named.Directives);

    private static CacheControlHint? Read(IReadOnlyList<DirectiveNode> directives)
    {
        DirectiveNode? directive = directives.FirstOrDefault(applied => applied.Name == Name);
        return directive is null ? null : new CacheControlHint(
            Argument(directive, "maxAge") is IntValueNode seconds ? int.Parse(seconds.Value, CultureInfo.InvariantCulture) : null,
            Argument(directive, "scope") is EnumValueNode { Value: "PRIVATE" },
            Argument(directive, "inheritMaxAge") is BooleanValueNode { Value: true });
    }

    private static ValueNode? Argument(DirectiveNode directive, string name) => directive.Arguments.FirstOrDefault(argument => argument.Name == name)?.Value;
}
