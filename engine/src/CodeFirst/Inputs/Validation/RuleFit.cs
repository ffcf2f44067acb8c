using System.Collections;
using System.ComponentModel.DataAnnotations;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>
/// Whether a .NET validation rule can be applied to values of a type. Where it cannot, most rules throw, and some would reject every value. Both are
/// mistakes in the schema, and not in the first request that runs into them.
/// </summary>
internal static class RuleFit
{
    /// <exception cref="SchemaException">The rule cannot be applied to such values, or contradicts itself.</exception>
    public static void Check(ValidationAttribute attribute, Type declared, string place)
    {
        Type type = Bare(declared);
        if (type == typeof(object))
            return; // Any value of the scalar is possible.
        if (Demanded(attribute, type) is { } demanded)
            throw new SchemaException($"{place}: {NameOf(attribute)} applies to {demanded}, not to {declared}.");
        if (attribute.GetType().Assembly != typeof(ValidationAttribute).Assembly || attribute is CustomValidationAttribute or CompareAttribute)
            return; // Custom rules are not checked; they may need the request.
        try
        {
            attribute.IsValid(Sample(type));
        }
        catch (Exception failure)
        {
            throw new SchemaException($"{place}: {NameOf(attribute)} cannot be applied: {failure.Message}");
        }
    }

    /// <summary>The types that the rule applies to; null when this type is one of them.</summary>
    private static string? Demanded(ValidationAttribute attribute, Type type) => attribute switch
    {
        MinLengthAttribute or MaxLengthAttribute or LengthAttribute => type == typeof(string) || IsList(type) || HasCount(type) ? null : "strings and lists",
        StringLengthAttribute or Base64StringAttribute or EmailAddressAttribute or PhoneAttribute or UrlAttribute or CreditCardAttribute
            or FileExtensionsAttribute =>
            type == typeof(string) ? null : "strings",
        RegularExpressionAttribute => IsList(type) ? "single values" : null,
        RangeAttribute => typeof(IComparable).IsAssignableFrom(type) ? null : "values that can be compared",
        _ => null,
    };

    private static bool IsList(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);

    private static bool HasCount(Type type) => type.GetProperty(nameof(ICollection.Count))?.PropertyType == typeof(int);

    private static Type Bare(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Optional<>) || type.GetGenericTypeDefinition() == typeof(Nullable<>))
            ? Bare(type.GetGenericArguments()[0])
            : type;

    /// <summary>Null when no sample exists; most rules accept null.</summary>
    private static object? Sample(Type type) =>
        type == typeof(string) ? "a" : type.IsValueType ? Activator.CreateInstance(type) : IsList(type) ? Array.Empty<object>() : null;

    private static string NameOf(ValidationAttribute attribute) => $"[{attribute.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}]";
}
