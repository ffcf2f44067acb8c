using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Executable-Definitions"/></summary>
internal sealed class ExecutableDefinitions(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Executable-Definitions";

    public override void Complete()
    {
        foreach (DefinitionNode definition in Context.Document.Definitions)
        {
            if (definition is not ExecutableDefinitionNode)
                Report($"{Describe(definition)} is not executable: a request can only contain operations and fragments.", definition);
        }
    }

    private static string Describe(DefinitionNode definition) => definition switch
    {
        TypeDefinitionNode type => $"The definition of type \"{type.Name}\"",
        DirectiveDefinitionNode directive => $"The definition of directive \"@{directive.Name}\"",
        _ => "The definition of a schema",
    };
}
