using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;

namespace Mycelium.GraphQL.Engine.Relay;

/// <summary>How values of one CLR type are written inside a global id.</summary>
/// <param name="Format">The text of a value.</param>
/// <param name="Parse">The value of a text, or null when the text is invalid.</param>
internal sealed record IdCodec(Func<object, string> Format, Func<string, object?> Parse)
{
    /// <summary>The codec of a whole number, a UUID, a string, or a struct that wraps one of them in its only property <c>Value</c>; null for others.</summary>
    internal static IdCodec? For(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => new(value => (string)value, text => text),
        TypeCode.Int32 => new(Invariant, text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null),
        TypeCode.Int64 =>
            new(Invariant, text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null),
        _ when type == typeof(Guid) => new(value => ((Guid)value).ToString("N"), text => Guid.TryParseExact(text, "N", out Guid value) ? value : null),
        _ => ValueWrapper.Of(type) is { } wrapper && For(wrapper.Inner) is { } inner ? Wrapped(wrapper, inner) : null,
    };

    private static IdCodec Wrapped(ValueWrapper wrapper, IdCodec inner) => new(
        value => inner.Format(wrapper.Unwrap(value)),
        text => inner.Parse(text) is { } value ? wrapper.TryWrap(value) : null);

    private static string Invariant(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}

/// <summary>A struct around one value: <c>readonly record struct RentalId(Guid Value)</c>, made by its constructor or a static <c>From</c>.</summary>
internal sealed record ValueWrapper(Type Inner, Func<object, object> Unwrap, Func<object, object> Wrap)
{
    public static ValueWrapper? Of(Type type)
    {
        if (!type.IsValueType || type.IsEnum || type.IsPrimitive || type.GetProperty("Value", BindingFlags.Public | BindingFlags.Instance) is not { } property)
            return null;
        Type inner = property.PropertyType;
        MethodBase? make = type.GetMethod("From", BindingFlags.Public | BindingFlags.Static, [inner]) is { } from && from.ReturnType == type
            ? from
            : type.GetConstructor([inner]);
        if (make?.GetParameters()[0].ParameterType != inner) // Reflection also finds one that takes a wider number.
            return null;

        ParameterExpression value = Expression.Parameter(typeof(object));
        Expression unwrapped = Expression.Convert(Expression.Property(Expression.Unbox(value, type), property), typeof(object));
        Expression converted = Expression.Convert(value, inner);
        Expression wrapped = make is ConstructorInfo constructor ? Expression.New(constructor, converted) : Expression.Call((MethodInfo)make, converted);
        return new ValueWrapper(
            inner,
            Expression.Lambda<Func<object, object>>(unwrapped, value).Compile(),
            Expression.Lambda<Func<object, object>>(Expression.Convert(wrapped, typeof(object)), value).Compile());
    }

    /// <summary>Null when the struct rejects the value.</summary>
    public object? TryWrap(object value)
    {
        try
        {
            return Wrap(value);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
