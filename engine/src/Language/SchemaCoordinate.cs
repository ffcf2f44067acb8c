using System.Text.RegularExpressions;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary>
/// Names one element of a schema: <c>Type</c>, <c>Type.member</c>, <c>Type.field(argument:)</c>, <c>@directive</c> or <c>@directive(argument:)</c>.
/// <see href="https://spec.graphql.org/September2025/#sec-Schema-Coordinates"/>
/// </summary>
/// <param name="Name">Of the type, or of the directive without its @.</param>
/// <param name="Member">A field, an input field or an enum value of the type.</param>
/// <param name="Argument">Of the field or directive.</param>
internal sealed partial record SchemaCoordinate(string Name, string? Member = null, string? Argument = null, bool IsDirective = false)
{
    private const string AnyName = "[_A-Za-z][_0-9A-Za-z]*";

    /// <exception cref="GraphQLSyntaxException">The text is not a coordinate; it may not contain spaces, commas or comments.</exception>
    public static SchemaCoordinate Parse(string text)
    {
        if (Form().Match(text) is not { Success: true } match)
            throw new GraphQLSyntaxException(
                "Syntax error: a schema coordinate is Type, Type.member, Type.field(argument:), @directive or @directive(argument:).",
                new SourceLocation(1, 1));
        return new SchemaCoordinate(match.Groups["name"].Value, Given(match, "member"), Given(match, "argument"), match.Groups["at"].Success);
    }

    public override string ToString() => $"{(IsDirective ? "@" : "")}{Name}{(Member is null ? "" : $".{Member}")}{(Argument is null ? "" : $"({Argument}:)")}";

    private static string? Given(Match match, string group) => match.Groups[group] is { Success: true } part ? part.Value : null;

    [GeneratedRegex(
        $@"\A(?:(?<name>{AnyName})(?:\.(?<member>{AnyName})(?:\((?<argument>{AnyName}):\))?)?|(?<at>@)(?<name>{AnyName})(?:\((?<argument>{AnyName}):\))?)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
