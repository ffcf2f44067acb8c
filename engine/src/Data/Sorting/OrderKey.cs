using System.Linq.Expressions;
using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>One sort key, as an expression on the item.</summary>
/// <param name="Selector">From the item to the key.</param>
/// <param name="IsNullable">The key may be null; its type then holds null.</param>
/// <param name="Name">Identifies the key: the path of its properties.</param>
internal sealed record OrderKey(LambdaExpression Selector, bool IsNullable, bool IsDescending, string Name)
{
    public static OrderKey Of(Type itemType, SortPath path, ItemSource source)
    {
        ParameterExpression item = Expression.Parameter(itemType, "item");
        var target = new ValueExpression(item, false);
        foreach (MemberAccess member in path.Members)
            target = target.Read(member, source);
        string name = string.Join('.', path.Members.Select(member => member.Property!.Name));
        return new OrderKey(Expression.Lambda(target.Expression, item), target.IsNullable, path.IsDescending, name);
    }

    public static OrderKey Of(PropertyInfo property, Type itemType)
    {
        ParameterExpression item = Expression.Parameter(itemType, "item");
        return new OrderKey(Expression.Lambda(Expression.Property(item, property), item), IsNullable: false, IsDescending: false, property.Name);
    }

    /// <summary>A key of the query's own order.</summary>
    public static OrderKey Of(LambdaExpression selector, bool isDescending)
    {
        Type type = selector.Body.Type;
        string body = selector.Body.ToString();
        string parameter = selector.Parameters[0].Name + ".";
        string name = body.StartsWith(parameter, StringComparison.Ordinal) ? body[parameter.Length..] : body;
        return new OrderKey(selector, !type.IsValueType || Nullable.GetUnderlyingType(type) is not null, isDescending, name);
    }

    public OrderKey Reversed => this with { IsDescending = !IsDescending };

    /// <summary>The key of an item that another expression holds.</summary>
    public Expression Of(Expression item) => new Replacement(Selector.Parameters[0], item).Visit(Selector.Body);
}
