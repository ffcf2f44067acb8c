using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Replaces a parameter with an expression.</summary>
internal sealed class Replacement(ParameterExpression parameter, Expression by) : ExpressionVisitor
{
    protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? by : node;
}
