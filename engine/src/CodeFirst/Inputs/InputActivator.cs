using System.Linq.Expressions;
using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Compiles <see cref="InputObjectType.Create"/>: it calls the constructor, then sets the properties that were given.</summary>
internal static class InputActivator
{
    /// <param name="members">Parallel to the fields of the input; those with a parameter come first, in parameter order.</param>
    public static Func<object?[], object> Compile(Type type, ConstructorInfo? constructor, IReadOnlyList<InputMember> members)
    {
        ParameterExpression values = Expression.Parameter(typeof(object?[]), "values");
        ParameterExpression made = Expression.Variable(type, "made");
        var steps = new List<Expression>();
        var arguments = new List<Expression>();
        for (int i = 0; i < members.Count; i++)
        {
            (PropertyInfo property, ParameterInfo? parameter) = members[i];
            if (parameter is not null)
                arguments.Add(Read(values, i, parameter.ParameterType));
            else
                steps.Add(Expression.IfThen(IsGiven(values, i), Expression.Call(made, property.SetMethod!, Read(values, i, property.PropertyType))));
        }
        Expression create = constructor is null ? Expression.New(type) : Expression.New(constructor, arguments);
        Expression body = Expression.Block([made], [Expression.Assign(made, create), .. steps, Expression.Convert(made, typeof(object))]);
        return Expression.Lambda<Func<object?[], object>>(body, values).Compile();
    }

    private static BinaryExpression IsGiven(ParameterExpression values, int index) =>
        Expression.ReferenceNotEqual(Expression.ArrayIndex(values, Expression.Constant(index)), Expression.Constant(InputValueDefinition.Absent));

    private static MethodCallExpression Read(ParameterExpression values, int index, Type type)
    {
        bool isOptional = ClrShape.IsOptional(type);
        MethodInfo read = typeof(InputActivator).GetMethod(isOptional ? nameof(OptionalValue) : nameof(Value), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(isOptional ? type.GetGenericArguments()[0] : type);
        return Expression.Call(read, Expression.ArrayIndex(values, Expression.Constant(index)));
    }

    /// <summary>A value that was not given is the default of its type. A C# default has become a schema default, and counts as given.</summary>
    private static T? Value<T>(object? value) => value is null || value == InputValueDefinition.Absent ? default : (T)value;

    private static Optional<T> OptionalValue<T>(object? value) => value == InputValueDefinition.Absent ? default : Optional<T>.Of((T)value!);
}
