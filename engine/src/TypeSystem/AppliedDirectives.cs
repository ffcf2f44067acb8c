using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>Separates the directives on a definition into those that have a property in the type system and the rest.</summary>
internal static class AppliedDirectives
{
    public static string? DeprecationReason(this IReadOnlyList<DirectiveNode> directives) =>
        Find(directives, "deprecated") is { } deprecated ? Argument(deprecated, "reason") ?? BuiltInDirectives.DefaultDeprecationReason : null;

    public static Uri? SpecifiedBy(this IReadOnlyList<DirectiveNode> directives) =>
        Find(directives, "specifiedBy") is { } specifiedBy && Uri.TryCreate(Argument(specifiedBy, "url"), UriKind.RelativeOrAbsolute, out Uri? url)
            ? url
            : null;

    public static bool IsOneOf(this IReadOnlyList<DirectiveNode> directives) => Find(directives, "oneOf") is not null;

    public static IReadOnlyList<DirectiveNode> Others(this IReadOnlyList<DirectiveNode> directives) =>
        [.. directives.Where(directive => directive.Name is not ("deprecated" or "specifiedBy" or "oneOf"))];

    private static DirectiveNode? Find(IReadOnlyList<DirectiveNode> directives, string name) => directives.FirstOrDefault(directive => directive.Name == name);

    private static string? Argument(DirectiveNode directive, string name) =>
        (directive.Arguments.FirstOrDefault(argument => argument.Name == name)?.Value as StringValueNode)?.Value;
}
