using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Variables-Are-Input-Types"/></summary>
internal sealed class VariablesAreInputTypes(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Variables-Are-Input-Types";

    public override void Variable(VariableDefinitionNode definition)
    {
        GraphQLType? type = Context.Schema.FindType(definition.Type);
        if (type is null)
        {
            string name = NamedTypeOf(definition.Type);
            Report(
                $"Unknown type \"{name}\".{Context.Suggest(name, () => Context.Schema.Types.Where(known => known.IsInputType).Select(known => known.Name))}",
                definition.Type);
        }
        else if (!type.IsInputType)
            Report($"Variable \"${definition.Variable.Name}\" cannot be of type \"{definition.Type}\": it is not an input type.", definition.Type);
    }

    private static string NamedTypeOf(TypeNode type)
    {
        while (true)
        {
            switch (type)
            {
                case ListTypeNode list:
                    type = list.Type;
                    break;
                case NonNullTypeNode nonNull:
                    type = nonNull.Type;
                    break;
                default:
                    return ((NamedTypeNode)type).Name;
            }
        }
    }
}
