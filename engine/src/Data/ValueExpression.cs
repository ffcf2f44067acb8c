using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>A value inside an expression.</summary>
/// <param name="Expression">Its type allows null when <paramref name="IsNullable"/>.</param>
internal sealed record ValueExpression(Expression Expression, bool IsNullable)
{
    public Expression IsNull => IsNullable ? Expression.Equal(Expression, Expression.Constant(null, Expression.Type)) : Expression.Constant(false);

    public Expression IsNotNull => IsNullable ? Expression.NotEqual(Expression, Expression.Constant(null, Expression.Type)) : Expression.Constant(true);

    /// <summary>The value, where it is known not to be null.</summary>
    public Expression Value =>
        Nullable.GetUnderlyingType(Expression.Type) is null ? Expression : Expression.Property(Expression, nameof(Nullable<int>.Value));

    /// <summary>The value of a property of the current object; null when there is no object.</summary>
    public ValueExpression Read(MemberAccess member, ItemSource source)
    {
        Expression value = Expression.Property(Expression, member.Property!);
        bool isNullable = IsNullable || member.IsNullable || (source == ItemSource.Memory && !value.Type.IsValueType);
        if (isNullable && value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null)
            value = Expression.Convert(value, typeof(Nullable<>).MakeGenericType(value.Type));
        if (IsNullable && source == ItemSource.Memory)
            value = Expression.Condition(IsNull, Expression.Default(value.Type), value);
        return new ValueExpression(value, isNullable);
    }
}
