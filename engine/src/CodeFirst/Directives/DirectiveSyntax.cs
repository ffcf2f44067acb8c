using System.Reflection;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Reads directives from attributes and text, and their definitions from SDL.</summary>
internal static class DirectiveSyntax
{
    /// <summary>The directives that the attributes of all sources apply to one definition, in order.</summary>
    public static IReadOnlyList<DirectiveNode> Of(params IEnumerable<ICustomAttributeProvider?> sources) =>
        [.. sources.OfType<ICustomAttributeProvider>().Distinct()
            .SelectMany(source => source.GetCustomAttributes(typeof(AppliedDirectiveAttribute), inherit: false).Cast<AppliedDirectiveAttribute>())
            .SelectMany(attribute => Parse(attribute.Syntax))];

    /// <exception cref="SchemaException">The text is not a directive.</exception>
    public static IReadOnlyList<DirectiveNode> Parse(string syntax)
    {
        try
        {
            return Parser.ParseDocument(
                $"scalar Carrier {syntax}", ParserOptions.Trusted).Definitions is [ScalarTypeDefinitionNode { Directives: { Count: > 0 } found }]
                ? found
                : throw new SchemaException($"{syntax} is not a directive.");
        }
        catch (GraphQLSyntaxException exception)
        {
            throw new SchemaException($"{syntax} is not a directive: {exception.Message}");
        }
    }

    /// <summary>The directives defined in SDL, whose argument types are part of the schema.</summary>
    /// <exception cref="SchemaException">The SDL does not parse, or defines something else.</exception>
    public static IEnumerable<DirectiveDefinition> Define(SchemaDraft draft, string sdl)
    {
        DocumentNode document;
        try
        {
            document = Parser.ParseDocument(sdl, ParserOptions.Trusted);
        }
        catch (GraphQLSyntaxException exception)
        {
            throw new SchemaException($"AddDirectives: {exception.Message}");
        }
        foreach (DefinitionNode definition in document.Definitions)
        {
            if (definition is not DirectiveDefinitionNode directive)
                throw new SchemaException($"AddDirectives: line {definition.Span.Line} defines no directive.");
            yield return new DirectiveDefinition(directive.Name, Arguments(draft, directive), directive.Locations)
            {
                Description = directive.Description,
                IsRepeatable = directive.IsRepeatable,
            };
        }
    }

    private static FieldCollection<InputValueDefinition> Arguments(SchemaDraft draft, DirectiveDefinitionNode directive) =>
        new([.. directive.Arguments.Select(argument => FieldDefiner.Define(draft,
            new ArgumentDescriptor(argument.Name, new TypeReference.Notation(argument.Type.ToString()!))
        {
            Description = argument.Description,
            DeprecationReason = argument.Directives.DeprecationReason(),
            DefaultValue = argument.DefaultValue,
        }.With(argument.Directives.Others())))]);
}
