using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>
/// Visits a document once, keeps track of types, records usages and calls all rules. It recurses as deep as the document nests, which the parser
/// limits; fragments are visited where they are defined, not where they are spread.
/// </summary>
internal sealed class ValidationTraversal(RuleContext context, IReadOnlyList<ValidationRule> rules)
{
    private DefinitionUsages usages = new();

    public void Run()
    {
        foreach (DefinitionNode definition in context.Document.Definitions)
        {
            if (definition is OperationDefinitionNode operation)
                Visit(operation);
            else if (definition is FragmentDefinitionNode fragment)
                Visit(fragment);
        }
        foreach (ValidationRule rule in rules)
            rule.Complete();
    }

    private void Visit(OperationDefinitionNode operation)
    {
        usages = context.Usages.Of(operation);
        context.ParentType = context.Schema.RootType(operation.Operation);
        foreach (ValidationRule rule in rules)
            rule.Operation(operation);
        foreach (VariableDefinitionNode definition in operation.VariableDefinitions)
            Visit(definition);
        VisitDirectives(operation.Directives, operation.Operation switch
        {
            OperationType.Query => DirectiveLocations.Query,
            OperationType.Mutation => DirectiveLocations.Mutation,
            _ => DirectiveLocations.Subscription,
        });
        VisitSelections(operation.SelectionSet, context.ParentType);
    }

    private void Visit(FragmentDefinitionNode fragment)
    {
        usages = context.Usages.Of(fragment);
        context.ParentType = context.FindComposite(fragment.TypeCondition);
        foreach (ValidationRule rule in rules)
            rule.Fragment(fragment);
        VisitDirectives(fragment.Directives, DirectiveLocations.FragmentDefinition);
        VisitSelections(fragment.SelectionSet, context.ParentType);
    }

    private void Visit(VariableDefinitionNode definition)
    {
        foreach (ValidationRule rule in rules)
            rule.Variable(definition);
        if (definition.DefaultValue is { } value)
        {
            context.Place = $"${definition.Variable.Name}";
            VisitValue(value, context.Schema.FindType(definition.Type) is { IsInputType: true } type ? type : null, hasDefault: false);
        }
        VisitDirectives(definition.Directives, DirectiveLocations.VariableDefinition);
    }

    private void VisitSelections(SelectionSetNode set, NamedType? parentType)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (SelectionNode selection in set.Selections)
        {
            context.ParentType = parentType;
            switch (selection)
            {
                case FieldNode field:
                    Visit(field, parentType);
                    break;
                case FragmentSpreadNode spread:
                    usages.Add(spread);
                    foreach (ValidationRule rule in rules)
                        rule.Spread(spread);
                    VisitDirectives(spread.Directives, DirectiveLocations.FragmentSpread);
                    break;
                case InlineFragmentNode inline:
                    foreach (ValidationRule rule in rules)
                        rule.InlineFragment(inline);
                    VisitDirectives(inline.Directives, DirectiveLocations.InlineFragment);
                    VisitSelections(inline.SelectionSet, inline.TypeCondition is null ? parentType : context.FindComposite(inline.TypeCondition));
                    break;
            }
        }
    }

    private void Visit(FieldNode field, NamedType? parentType)
    {
        FieldDefinition? definition = parentType is null ? null : context.Schema.FindField(parentType, field.Name);
        context.Field = definition;
        foreach (ValidationRule rule in rules)
            rule.Field(field);
        VisitArguments(new ArgumentSite(field, $"{parentType?.Name}.{field.Name}", field.Arguments, definition?.Arguments));
        VisitDirectives(field.Directives, DirectiveLocations.Field);
        if (field.SelectionSet is not null)
            VisitSelections(field.SelectionSet, RuleContext.AsComposite(definition?.Type.Named));
    }

    private void VisitDirectives(IReadOnlyList<DirectiveNode> directives, string location)
    {
        if (directives.Count == 0)
            return;
        foreach (ValidationRule rule in rules)
            rule.Directives(directives, location);
        foreach (DirectiveNode directive in directives)
            VisitArguments(new ArgumentSite(directive, "@" + directive.Name, directive.Arguments, context.Schema.FindDirective(directive.Name)?.Arguments));
    }

    private void VisitArguments(ArgumentSite site)
    {
        foreach (ValidationRule rule in rules)
            rule.Arguments(site);
        foreach (ArgumentNode argument in site.Given)
        {
            InputValueDefinition? definition = site.Definitions?.Find(argument.Name);
            context.Place = argument.Name;
            VisitValue(argument.Value, definition?.Type, definition?.DefaultValue is not null);
        }
    }

    private void VisitValue(ValueNode value, GraphQLType? type, bool hasDefault)
    {
        foreach (ValidationRule rule in rules)
            rule.Value(value, type);
        NoteVariables(value, type, hasDefault, oneOf: null);
    }

    private void NoteVariables(ValueNode value, GraphQLType? type, bool hasDefault, InputObjectType? oneOf)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value)
        {
            case VariableNode variable:
                usages.Add(new VariableUsage(variable, type, hasDefault, oneOf));
                break;
            case ListValueNode list:
                GraphQLType? itemType = (type?.Nullable as ListType)?.Of;
                foreach (ValueNode item in list.Items)
                    NoteVariables(item, itemType, hasDefault: false, oneOf: null);
                break;
            case ObjectValueNode fields:
                var inputType = type?.Named as InputObjectType;
                foreach (ObjectFieldNode field in fields.Fields)
                {
                    InputValueDefinition? definition = inputType?.Fields.Find(field.Name);
                    NoteVariables(field.Value, definition?.Type, definition?.DefaultValue is not null, inputType is { IsOneOf: true } ? inputType : null);
                }
                break;
        }
    }
}
