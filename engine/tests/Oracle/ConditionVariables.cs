using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>Replaces the constants in generated conditions with variables.</summary>
/// <remarks>
/// They are never null: graphql-js then fails the field above, or the whole response, where it reaches the condition; ours refuses the request before
/// anything runs.
/// </remarks>
internal static class ConditionVariables
{
    public static void RemoveNulls(JsonObject variables)
    {
        foreach (string name in (string[])["c0", "c1"])
        {
            if (variables.TryGetPropertyValue(name, out JsonNode? value) && value is null)
                variables[name] = true;
        }
    }

    public static (DocumentNode Document, OperationDefinitionNode Operation) Add(DocumentNode document, OperationDefinitionNode operation, Random random)
    {
        string text = Printer.Print(document);
        string[] parts = text.Split("(if: true)");
        if (parts.Length == 1 || operation.Operation == OperationType.Subscription)
            return (document, operation);
        string conditional = parts[0] + string.Concat(parts[1..].Select(part => $"(if: $c{random.Next(2)}){part}"));
        string definitions = string.Concat(Enumerable.Range(0, 2).Where(index => conditional.Contains($"$c{index}", StringComparison.Ordinal))
            .Select(index => $"$c{index}: Boolean{(random.Next(2) == 0 ? "!" : " = true")} "));
        DocumentNode made = Parser.ParseDocument(conditional);
        OperationDefinitionNode old = made.Definitions.OfType<OperationDefinitionNode>().Single();
        DocumentNode header = Parser.ParseDocument($"query ({definitions}) {{ x }}");
        var full = new OperationDefinitionNode(
            old.Span, old.Description, old.Operation, old.Name,
            [.. old.VariableDefinitions, .. ((OperationDefinitionNode)header.Definitions[0]).VariableDefinitions],
            old.Directives, old.SelectionSet);
        return (new DocumentNode(made.Span, [.. made.Definitions.Select(definition => definition == old ? full : definition)]), full);
    }
}
