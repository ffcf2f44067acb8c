using System.Globalization;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>
/// Puts <c>@defer</c> and <c>@stream</c> into a document without changing what it selects: fragments are delivered later, with or without the same
/// fields in the first result.
/// </summary>
/// <param name="isCareless">Also where validation forbids it.</param>
internal sealed class IncrementalRewriter(Schema schema, Random random, bool isCareless)
{
    private const string Definitions = "$d0: Boolean = true, $d1: Boolean! = false, $d2: Boolean";
    private Dictionary<string, FragmentDefinitionNode> fragments = [];

    /// <summary>Copies contain copies: more of them make unreadable documents.</summary>
    private const int CopyCountMax = 3;

    private int labelCount;
    private int copyCount;
    private bool usesVariables;

    public DocumentNode Rewrite(DocumentNode document)
    {
        labelCount = copyCount = 0;
        usesVariables = false;
        fragments = document.Definitions.OfType<FragmentDefinitionNode>().DistinctBy(fragment => fragment.Name).ToDictionary(fragment => fragment.Name);
        var definitions = new List<DefinitionNode>();
        foreach (DefinitionNode definition in document.Definitions)
        {
            definitions.Add(definition switch
            {
                OperationDefinitionNode operation => Rewrite(operation),
                FragmentDefinitionNode fragment => new FragmentDefinitionNode(
                    default, fragment.Description, fragment.Name, fragment.TypeCondition, fragment.Directives,
                    Rewrite(fragment.SelectionSet, schema.FindType(fragment.TypeCondition.Name)!, isRoot: IsRoot(fragment.TypeCondition.Name))),
                _ => definition,
            });
        }
        if (!usesVariables)
            return new DocumentNode(default, definitions);
        var header = (OperationDefinitionNode)Parser.ParseDocument($"query ({Definitions}) {{ x }}").Definitions[0];
        string used = Printer.Print(new DocumentNode(default, definitions));
        VariableDefinitionNode[] variables =
        [
            .. header.VariableDefinitions.Where(variable => used.Contains($"(if: ${variable.Variable.Name}", StringComparison.Ordinal)
                || used.Contains($" if: ${variable.Variable.Name}", StringComparison.Ordinal)),
        ];
        return new DocumentNode(
            default, [.. definitions.Select(definition => definition is OperationDefinitionNode operation ? With(operation, variables) : definition)]);
    }

    private bool IsRoot(string type) => type == schema.MutationType?.Name || type == schema.SubscriptionType?.Name;

    private static OperationDefinitionNode With(OperationDefinitionNode operation, IEnumerable<VariableDefinitionNode> variables) => new(
        default, operation.Description, operation.Operation, operation.Name, [.. operation.VariableDefinitions, .. variables], operation.Directives,
        operation.SelectionSet);

    private OperationDefinitionNode Rewrite(OperationDefinitionNode operation) => new(
        default, operation.Description, operation.Operation, operation.Name, operation.VariableDefinitions, operation.Directives,
        Rewrite(operation.SelectionSet, schema.RootType(operation.Operation)!, isRoot: operation.Operation != OperationType.Query));

    private SelectionSetNode Rewrite(SelectionSetNode set, NamedType parent, bool isRoot)
    {
        bool isAllowed = !isRoot || isCareless;
        var selections = new List<SelectionNode>();
        foreach (SelectionNode selection in set.Selections)
        {
            SelectionNode rewritten = Rewrite(selection, parent, isRoot);
            switch (isAllowed ? random.Next(10) : 9)
            {
                case 0 or 1:
                    selections.Add(Deferred(new SelectionSetNode(default, [rewritten])));
                    break;
                case 2 when copyCount++ < CopyCountMax:
                    // The same immediately and later, each with its own parts that are delivered later still.
                    selections.Insert(random.Next(selections.Count + 1), Deferred(new SelectionSetNode(default, [Rewrite(selection, parent, isRoot)])));
                    selections.Add(rewritten);
                    break;
                default:
                    selections.Add(rewritten);
                    break;
            }
        }
        if (isAllowed && random.Next(8) == 0)
        {
            int count = random.Next(1, selections.Count + 1);
            SelectionNode[] taken = [.. selections.Take(count)];
            selections.RemoveRange(0, count);
            selections.Add(Deferred(new SelectionSetNode(default, taken)));
        }
        return new SelectionSetNode(default, selections);
    }

    private SelectionNode Rewrite(SelectionNode selection, NamedType parent, bool isRoot)
    {
        bool mayDefer = (!isRoot || isCareless) && random.Next(3) == 0;
        switch (selection)
        {
            case FieldNode field:
                FieldDefinition? definition = schema.FindField(parent, field.Name);
                bool mayStream = (definition?.Type.Nullable is ListType || (isCareless && random.Next(10) == 0)) && (!isRoot || isCareless)
                    && random.Next(3) == 0;
                SelectionSetNode? below = field.SelectionSet is null || definition is null
                    ? field.SelectionSet
                    : Rewrite(field.SelectionSet, definition.Type.Named, isRoot: false);
                return new FieldNode(default, field.Alias, field.Name, field.Arguments, mayStream ? [.. field.Directives, Stream()] : field.Directives, below);
            case InlineFragmentNode inline:
                NamedType type = inline.TypeCondition is null ? parent : schema.FindType(inline.TypeCondition.Name)!;
                return new InlineFragmentNode(
                    default, inline.TypeCondition, mayDefer ? [.. inline.Directives, Defer()] : inline.Directives, Rewrite(inline.SelectionSet, type, isRoot));
            case FragmentSpreadNode spread when mayDefer:
                return new FragmentSpreadNode(default, spread.Name, [.. spread.Directives, Defer()]);
            default:
                return selection;
        }
    }

    private InlineFragmentNode Deferred(SelectionSetNode set) => new(default, null, [Defer()], set);

    private DirectiveNode Defer() => Directive($"@defer{Arguments("")}");

    private DirectiveNode Stream() => Directive($"@stream{Arguments(random.Next(2) == 0 ? "" : $"initialCount: {random.Next(4)}")}");

    private string Arguments(string first)
    {
        List<string> arguments = first.Length == 0 ? [] : [first];
        if (random.Next(2) == 0)
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"label: \"L{(isCareless && random.Next(4) == 0 ? 0 : labelCount++)}\""));
        if (random.Next(6) == 0)
            arguments.Add($"if: {Condition()}");
        return arguments.Count == 0 ? "" : $"({string.Join(", ", arguments)})";
    }

    private string Condition()
    {
        int choice = random.Next(5);
        usesVariables |= choice > 1;
        return choice switch { 0 => "true", 1 => "false", _ => string.Create(CultureInfo.InvariantCulture, $"$d{choice - 2}") };
    }

    private static DirectiveNode Directive(string text) =>
        ((FieldNode)((OperationDefinitionNode)Parser.ParseDocument($"{{ x {text} }}").Definitions[0]).SelectionSet.Selections[0]).Directives[0];
}
