using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Puts an expression in the place of a parameter.</summary>
internal sealed class Replacement(ParameterExpression parameter, Expression by) : ExpressionVisitor
{
    protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? by : node;
}
