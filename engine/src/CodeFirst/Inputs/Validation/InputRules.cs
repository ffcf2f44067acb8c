using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Reads the rules that attributes put on arguments and inputs, once, while the schema is built.</summary>
internal sealed class InputRules(ClrBindings bindings)
{
    /// <summary>For a regular expression without a timeout of its own: ordinary matches take microseconds.</summary>
    private const int MatchTimeoutInMilliseconds = 100;

    /// <summary>The attribute's value when no timeout is set.</summary>
    private static readonly int unsetTimeout = new RegularExpressionAttribute("").MatchTimeoutInMilliseconds;

    private readonly Dictionary<Type, ObjectRules> objects = [];

    /// <summary>Null when neither the parameter nor anything below it has a rule.</summary>
    public ValueRules? Of(ParameterInfo parameter)
    {
        ValueRules rules = Value(parameter.Member, Naming.Argument(parameter), parameter.ParameterType, ClrShape.Of(parameter), parameter);
        return rules.Demands([]) ? rules : null;
    }

    private ValueRules Value(MemberInfo owner, string name, Type declared, ClrShape shape, params IEnumerable<ICustomAttributeProvider?> sources)
    {
        ICustomAttributeProvider[] given = [.. sources.OfType<ICustomAttributeProvider>()];
        bool isWritten = given.Any(source => source.IsDefined(typeof(GraphQLTypeAttribute), inherit: true));
        ValidationAttribute[] attributes = [.. given.SelectMany(Attributes).OrderBy(Turn)];
        foreach (ValidationAttribute attribute in attributes)
            RuleFit.Check(attribute, declared, $"{owner.Name}.{name}");
        return new ValueRules(name, ClrShape.IsOptional(declared), attributes, isWritten ? null : Object(shape.Named));
    }

    private ObjectRules? Object(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsAbstract || bindings.FindScalar(type) is not null || bindings.FindId(type) is not null)
            return null;
        if (objects.TryGetValue(type, out ObjectRules? known))
            return known;
        var rules = new ObjectRules();
        objects.Add(type, rules);
        foreach ((PropertyInfo property, ParameterInfo? parameter) in InputTypes.Members(type))
            rules.Add(Value(type, Naming.Field(property), property.PropertyType, ClrShape.Of(property), property, parameter), Reader(property));
        return rules;
    }

    private static IEnumerable<ValidationAttribute> Attributes(ICustomAttributeProvider source)
    {
        foreach (ValidationAttribute attribute in source.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>())
        {
            if (attribute is RegularExpressionAttribute expression
                && (expression.MatchTimeoutInMilliseconds == unsetTimeout || expression.MatchTimeoutInMilliseconds < 0))
                expression.MatchTimeoutInMilliseconds = MatchTimeoutInMilliseconds;
            yield return attribute;
        }
    }

    /// <summary>Cheap checks come first.</summary>
    private static int Turn(ValidationAttribute attribute) => attribute switch
    {
        RequiredAttribute => 0,
        RegularExpressionAttribute => 2,
        _ => 1,
    };

    private static Func<object, object?> Reader(PropertyInfo property)
    {
        Func<object, object?> read = PropertyReader.Of(property);
        return ClrShape.IsOptional(property.PropertyType)
            ? (Func<object, object?>)typeof(InputRules).GetMethod(nameof(OptionalReader), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(property.PropertyType.GetGenericArguments()).Invoke(null, [read])!
            : read;
    }

    private static Func<object, object?> OptionalReader<T>(Func<object, object?> read) =>
        input => read(input) is Optional<T> { HasValue: true } given ? given.Value : InputValueDefinition.Absent;
}
