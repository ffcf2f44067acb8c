using System.Globalization;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The arguments of <c>@defer</c> and <c>@stream</c>.</summary>
internal static class IncrementalArguments
{
    public static string? Label(DirectiveNode directive) => (Find(directive, IncrementalDirectives.Label) as StringValueNode)?.Value;

    public static ValueNode? Condition(DirectiveNode directive) => Find(directive, IncrementalDirectives.If);

    /// <exception cref="GraphQLException">It is negative, or null.</exception>
    public static int InitialCount(DirectiveNode directive, IReadOnlyDictionary<string, object?> variables)
    {
        int? count = Find(directive, IncrementalDirectives.InitialCount) switch
        {
            null => 0,
            IntValueNode literal => int.Parse(literal.Value, CultureInfo.InvariantCulture),
            VariableNode variable => variables.TryGetValue(variable.Name, out object? value) ? value as int? : 0,
            _ => null,
        };
        return count is >= 0 ? count.Value : throw new GraphQLException("`initialCount` of @stream must be 0 or more.", ErrorCodes.BadUserInput);
    }

    public static DirectiveNode? Find(IReadOnlyList<DirectiveNode> directives, string name)
    {
        foreach (DirectiveNode directive in directives)
        {
            if (directive.Name == name)
                return directive;
        }
        return null;
    }

    private static ValueNode? Find(DirectiveNode directive, string name)
    {
        foreach (ArgumentNode argument in directive.Arguments)
        {
            if (argument.Name == name)
                return argument.Value;
        }
        return null;
    }
}
