using System.Reflection;
using System.Text;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Derives schema names from C# names, as HotChocolate does. <see cref="GraphQLNameAttribute"/> overrides everything.</summary>
internal static class Naming
{
    public static string Field(MemberInfo member)
    {
        if (Given(member) is { } given)
            return given;
        string name = member.Name;
        if (member is MethodInfo)
        {
            name = Without(name, "Async", atStart: false);
            name = Without(name, "Get", atStart: true);
        }
        return Camel(name);
    }

    public static string Argument(ParameterInfo parameter) => parameter.GetCustomAttribute<GraphQLNameAttribute>()?.Name ?? Camel(parameter.Name!);

    public static string Output(Type type) => Given(type) ?? (type.IsInterface && IsInterfaceName(type.Name) ? Simple(type)[1..] : Simple(type));

    public static string Input(Type type)
    {
        string name = Given(type) ?? Simple(type);
        return name.EndsWith("Input", StringComparison.Ordinal) ? name : name + "Input";
    }

    public static string EnumValue(FieldInfo field) => Given(field) ?? Constant(field.Name);

    /// <summary><c>NodeDown</c> as <c>NODE_DOWN</c>.</summary>
    internal static string Constant(string word)
    {
        var name = new StringBuilder();
        for (int i = 0; i < word.Length; i++)
        {
            char here = word[i];
            bool startsWord = i > 0 && char.IsUpper(here) && (!char.IsUpper(word[i - 1]) || (i + 1 < word.Length && char.IsLower(word[i + 1])));
            if (startsWord && word[i - 1] != '_')
                name.Append('_');
            name.Append(char.ToUpperInvariant(here));
        }
        return name.ToString();
    }

    /// <summary>Lowers the first word: <c>CreatedAt</c> to <c>createdAt</c>, <c>SSDBytes</c> to <c>ssdBytes</c>.</summary>
    public static string Camel(string name)
    {
        int upperCount = name.TakeWhile(char.IsUpper).Count();
        if (upperCount == 0)
            return name;
        int lowered = upperCount == 1 || upperCount == name.Length || !char.IsLower(name[upperCount]) ? upperCount : upperCount - 1;
        return name[..lowered].ToLowerInvariant() + name[lowered..];
    }

    private static string? Given(MemberInfo member) => member.GetCustomAttribute<GraphQLNameAttribute>()?.Name ?? member switch
    {
        Type type => type.GetCustomAttribute<UnionTypeAttribute>()?.Name ?? type.GetCustomAttribute<InterfaceTypeAttribute>()?.Name,
        _ => null,
    };

    private static string Simple(Type type)
    {
        if (!type.IsGenericType)
            return type.Name;
        string name = type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
        return $"{name}Of{string.Join("And", type.GetGenericArguments().Select(Output))}";
    }

    private static bool IsInterfaceName(string name) => name.Length > 1 && name[0] == 'I' && char.IsUpper(name[1]);

    private static string Without(string name, string word, bool atStart)
    {
        if (name.Length == word.Length)
            return name;
        if (atStart)
            return name.StartsWith(word, StringComparison.Ordinal) && char.IsUpper(name[word.Length]) ? name[word.Length..] : name;
        return name.EndsWith(word, StringComparison.Ordinal) ? name[..^word.Length] : name;
    }
}
