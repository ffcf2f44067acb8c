using System.ComponentModel;
using System.Reflection;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Default values of arguments and input fields: from an attribute, or from the C# declaration.</summary>
internal static class Defaults
{
    /// <summary>A default of null only says that the type is nullable, and is left out.</summary>
    public static ValueNode? Of(SchemaDraft draft, ParameterInfo parameter, TypeReference type) =>
        Written(parameter, draft, type) ?? (parameter.HasDefaultValue ? Literal(draft, parameter.DefaultValue, type) : null);

    public static ValueNode? Of(SchemaDraft draft, PropertyInfo property, TypeReference type) => Written(property, draft, type);

    private static ValueNode? Written(ICustomAttributeProvider source, SchemaDraft draft, TypeReference type)
    {
        if (source.GetCustomAttributes(typeof(DefaultValueSyntaxAttribute), inherit: true) is [DefaultValueSyntaxAttribute { Syntax: var syntax }, ..])
            return Parser.ParseValue(syntax);
        return source.GetCustomAttributes(typeof(DefaultValueAttribute), inherit: true) is [DefaultValueAttribute { Value: var value }, ..]
            ? Literal(draft, value, type)
            : null;
    }

    private static ValueNode? Literal(SchemaDraft draft, object? value, TypeReference type)
    {
        if (value is null || value == DBNull.Value)
            return null;
        return draft.Resolve(type, isInput: true).Nullable switch
        {
            ScalarType scalar => scalar.ToLiteral(value),
            EnumType @enum => new EnumValueNode(default, Name(@enum, value)),
            var other => throw new SchemaException($"a default of type {other} must be written with [DefaultValueSyntax]."),
        };
    }

    /// <summary>In metadata, the default of an enum is its underlying number.</summary>
    private static string Name(EnumType type, object value)
    {
        object member = value is Enum ? value : Enum.ToObject(type.RuntimeType!, value);
        return type.Values.FirstOrDefault(candidate => candidate.Value.Equals(member))?.Name
            ?? throw new SchemaException($"the default {value} is not a value of {type.Name}.");
    }
}
