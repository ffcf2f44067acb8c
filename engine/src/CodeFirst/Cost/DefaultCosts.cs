using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>The weight of a definition that does not set its own, according to what the engine created it for.</summary>
internal enum DefaultCost { None, Resolver, FilterArgument, FilterOperation, ExpensiveFilterOperation, SortArgument, SortOperation }

/// <summary>Adds <c>@cost</c> and <c>@listSize</c> where a definition has none of its own.</summary>
internal sealed class DefaultCosts(CostOptions options)
{
    public IReadOnlyList<DirectiveNode> Of(FieldDescriptor field)
    {
        List<DirectiveNode> directives = [.. With(field.Directives, field.DefaultCost)];
        if (options.ApplyCostDefaults && field.DefaultListSize is { } size && !Has(directives, CostDirectives.ListSize))
            directives.InsertRange(0, DirectiveSyntax.Parse(size.Syntax));
        return directives;
    }

    public IReadOnlyList<DirectiveNode> Of(ArgumentDescriptor argument) => [.. With(argument.Directives, argument.DefaultCost)];

    private IEnumerable<DirectiveNode> With(IEnumerable<DirectiveNode> directives, DefaultCost cost) =>
        options.ApplyCostDefaults && WeightOf(cost) is { } weight && !Has(directives, CostDirectives.Cost)
            ? directives.Append(DirectiveSyntax.Parse(CostDirectives.Written(weight))[0])
            : directives;

    private double? WeightOf(DefaultCost cost) => cost switch
    {
        DefaultCost.Resolver => options.DefaultResolverCost,
        DefaultCost.FilterArgument => options.DefaultFilterArgumentCost,
        DefaultCost.FilterOperation => options.DefaultFilterOperationCost,
        DefaultCost.ExpensiveFilterOperation => options.DefaultExpensiveFilterOperationCost,
        DefaultCost.SortArgument => options.DefaultSortArgumentCost,
        DefaultCost.SortOperation => options.DefaultSortOperationCost,
        _ => null,
    };

    private static bool Has(IEnumerable<DirectiveNode> directives, string name) => directives.Any(directive => directive.Name == name);
}
