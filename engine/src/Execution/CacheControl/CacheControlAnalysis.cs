using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The <c>@cacheControl</c> of an operation as a whole: the shortest time of everything it selects, regardless of its conditions, and none unless all
/// of it is public. A field without a hint may be cached for as long as its object, unless it is a root field or has a resolver of its own, which may
/// depend on the caller: those are only cached with an explicit hint.
/// </summary>
internal sealed class CacheControlAnalysis
{
    private readonly Schema schema;
    private readonly IReadOnlyDictionary<string, FragmentDefinitionNode> fragments;
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private int seconds = int.MaxValue;

    private CacheControlAnalysis(Schema schema, IReadOnlyDictionary<string, FragmentDefinitionNode> fragments)
    {
        this.schema = schema;
        this.fragments = fragments;
    }

    /// <summary>Null when the response depends on the caller.</summary>
    /// <param name="fragments">Their depth is already bounded, with that of the operation.</param>
    public static TimeSpan? PublicMaxAge(Schema schema, OperationDefinitionNode operation, IReadOnlyDictionary<string, FragmentDefinitionNode> fragments)
    {
        if (operation.Operation != OperationType.Query || schema.FindDirective(CacheControlDirective.Name) is null)
            return null;
        var analysis = new CacheControlAnalysis(schema, fragments);
        analysis.Visit(operation.SelectionSet, schema.QueryType);
        return analysis.seconds is 0 or int.MaxValue ? null : TimeSpan.FromSeconds(analysis.seconds);
    }

    private void Visit(SelectionSetNode set, NamedType type)
    {
        foreach (SelectionNode selection in set.Selections)
        {
            switch (selection)
            {
                case FieldNode field:
                    VisitField(field, type);
                    break;
                case InlineFragmentNode inline:
                    Visit(inline.SelectionSet, inline.TypeCondition is null ? type : schema.FindType(inline.TypeCondition.Name)!);
                    break;
                case FragmentSpreadNode spread when seen.Add(spread.Name):
                    FragmentDefinitionNode fragment = fragments[spread.Name];
                    Visit(fragment.SelectionSet, schema.FindType(fragment.TypeCondition.Name)!);
                    break;
            }
        }
    }

    private void VisitField(FieldNode node, NamedType type)
    {
        if (schema.FindField(type, node.Name) is not { } field || field == schema.Introspection.TypeName)
            return;
        Limit(field, isRoot: type == schema.QueryType);
        if (type is not ObjectType)
        {
            foreach (ObjectType possible in schema.PossibleTypes(type))
            {
                if (possible.Fields.TryGet(node.Name, out FieldDefinition? own))
                    Limit(own, isRoot: false);
            }
        }
        if (node.SelectionSet is not null)
            Visit(node.SelectionSet, field.Type.Named);
    }

    private void Limit(FieldDefinition field, bool isRoot)
    {
        CacheControlHint? hint = CacheControlDirective.HintOf(field);
        bool isInherited = !isRoot && (hint is { InheritMaxAge: true } || (hint?.MaxAge is null && field.Resolver is null));
        if (hint is { IsPrivate: true } || field.Feature<GuardedField>() is not null)
            seconds = 0;
        else if (hint?.MaxAge is { } maxAge)
            seconds = Math.Min(seconds, maxAge);
        else if (!isInherited)
            seconds = 0;
    }
}
