using System.Collections;
using System.ComponentModel.DataAnnotations;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>
/// Whether the rules that .NET brings can be asked of a value of some type. Most throw where they cannot, and some would refuse every value: both are mistakes
/// in the schema, and not in a request that meets them first.
/// </summary>
internal static class RuleFit
{
    /// <exception cref="SchemaException">The rule cannot be asked of such a value, or contradicts itself.</exception>
    public static void Check(ValidationAttribute attribute, Type declared, string place)
    {
        Type type = Bare(declared);
        if (type == typeof(object))
            return; // Whatever the scalar gives.
        if (Demanded(attribute, type) is { } demanded)
            throw new SchemaException($"{place}: {NameOf(attribute)} is for {demanded}, and this is {declared}.");
        if (attribute.GetType().Assembly != typeof(ValidationAttribute).Assembly || attribute is CustomValidationAttribute or CompareAttribute)
            return; // The other's own business; it may need the request.
        try
        {
            attribute.IsValid(Sample(type));
        }
        catch (Exception failure)
        {
            throw new SchemaException($"{place}: {NameOf(attribute)} cannot be asked: {failure.Message}");
        }
    }

    /// <summary>What the rule is for; null when the type is of it.</summary>
    private static string? Demanded(ValidationAttribute attribute, Type type) => attribute switch
    {
        MinLengthAttribute or MaxLengthAttribute or LengthAttribute => type == typeof(string) || IsList(type) || HasCount(type) ? null : "texts and lists",
        StringLengthAttribute or Base64StringAttribute or EmailAddressAttribute or PhoneAttribute or UrlAttribute or CreditCardAttribute or FileExtensionsAttribute =>
            type == typeof(string) ? null : "texts",
        RegularExpressionAttribute => IsList(type) ? "single values" : null,
        RangeAttribute => typeof(IComparable).IsAssignableFrom(type) ? null : "values that can be compared",
        _ => null,
    };

    private static bool IsList(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);

    private static bool HasCount(Type type) => type.GetProperty(nameof(ICollection.Count))?.PropertyType == typeof(int);

    private static Type Bare(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Optional<>) || type.GetGenericTypeDefinition() == typeof(Nullable<>)) ? Bare(type.GetGenericArguments()[0]) : type;

    /// <summary>Null, which most rules take for valid, where no value is at hand.</summary>
    private static object? Sample(Type type) =>
        type == typeof(string) ? "a" : type.IsValueType ? Activator.CreateInstance(type) : IsList(type) ? Array.Empty<object>() : null;

    private static string NameOf(ValidationAttribute attribute) => $"[{attribute.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}]";
}
