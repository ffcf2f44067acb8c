using System.Reflection;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Descriptions from the XML documentation files next to the assemblies; <see cref="GraphQLDescriptionAttribute"/> overrides them.</summary>
internal sealed class XmlDescriptions
{
    private readonly Dictionary<Assembly, IReadOnlyDictionary<string, XElement>> files = [];

    public string? Of(Type type) => Attribute(type) ?? Summary(type.Assembly, $"T:{Id(type)}");

    public string? Of(MemberInfo member) => Attribute(member) ?? member switch
    {
        PropertyInfo property => OfProperty(property),
        FieldInfo field => Summary(field.DeclaringType!.Assembly, $"F:{Id(field.DeclaringType!)}.{field.Name}"),
        MethodInfo method => Render(Method(method)?.Element("summary")),
        _ => null,
    };

    public string? Of(ParameterInfo parameter) => parameter.GetCustomAttribute<GraphQLDescriptionAttribute>()?.Description
        ?? (parameter.Member is MethodInfo method ? Parameter(Method(method), parameter.Name!) : null);

    /// <summary>A property's own summary, that of the record parameter it stands for, or that of the interface property it implements.</summary>
    private string? OfProperty(PropertyInfo property)
    {
        Type owner = property.DeclaringType!;
        if (Summary(owner.Assembly, $"P:{Id(owner)}.{property.Name}") is { } own)
            return own;
        if (Parameter(Documented(owner.Assembly).GetValueOrDefault($"T:{Id(owner)}"), property.Name) is { } positional)
            return positional;
        return owner.GetInterfaces().Select(type => type.GetProperty(property.Name)).OfType<PropertyInfo>()
            .Select(implemented => Of((MemberInfo)implemented)).FirstOrDefault(text => text is not null);
    }

    private string? Summary(Assembly assembly, string id) => Render(Documented(assembly).GetValueOrDefault(id)?.Element("summary"));

    private static string? Parameter(XElement? member, string name) =>
        Render(member?.Elements("param").FirstOrDefault(param => (string?)param.Attribute("name") == name));

    /// <summary>Overloads are distinguished by their number of parameters, which is enough for resolvers.</summary>
    private XElement? Method(MethodInfo method)
    {
        string name = $"M:{Id(method.DeclaringType!)}.{method.Name}";
        int count = method.GetParameters().Length;
        return Documented(method.DeclaringType!.Assembly).FirstOrDefault(entry => entry.Key == name && count == 0
            || entry.Key.StartsWith($"{name}(", StringComparison.Ordinal) && ParameterCount(entry.Key) == count).Value;
    }

    private static int ParameterCount(string id)
    {
        int depth = 0, count = 1;
        foreach (char here in id.AsSpan(id.IndexOf('(', StringComparison.Ordinal) + 1))
        {
            depth += here switch { '{' or '[' => 1, '}' or ']' => -1, _ => 0 };
            count += here == ',' && depth == 0 ? 1 : 0;
        }
        return count;
    }

    private IReadOnlyDictionary<string, XElement> Documented(Assembly assembly)
    {
        if (files.TryGetValue(assembly, out IReadOnlyDictionary<string, XElement>? members))
            return members;
        string path = Path.ChangeExtension(assembly.Location, ".xml");
        members = assembly.Location.Length > 0 && File.Exists(path) ? Load(path) : new Dictionary<string, XElement>();
        files.Add(assembly, members);
        return members;
    }

    /// <summary>A broken file costs the descriptions, not the service.</summary>
    private static Dictionary<string, XElement> Load(string path)
    {
        try
        {
            return XDocument.Load(path).Descendants("member").Where(member => member.Attribute("name") is not null)
                .DistinctBy(member => (string)member.Attribute("name")!).ToDictionary(member => (string)member.Attribute("name")!);
        }
        catch (XmlException)
        {
            return [];
        }
    }

    private static string? Attribute(MemberInfo member) => member.GetCustomAttribute<GraphQLDescriptionAttribute>()?.Description;

    private static string Id(Type type) => (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? Render(XElement? element)
    {
        if (element is null)
            return null;
        var text = new StringBuilder();
        Append(text, element);
        string[] paragraphs =
            [.. text.ToString().Split("\n\n").Select(paragraph => string.Join(' ', paragraph.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)))];
        string rendered = string.Join("\n\n", paragraphs.Where(paragraph => paragraph.Length > 0));
        return rendered.Length > 0 ? rendered : null;
    }

    private static void Append(StringBuilder text, XElement element)
    {
        foreach (XNode node in element.Nodes())
        {
            if (node is XText words)
                text.Append(words.Value.Replace("\r", "", StringComparison.Ordinal).Replace("\n\n", "\n", StringComparison.Ordinal));
            else if (node is XElement child)
                AppendElement(text, child);
        }
    }

    private static void AppendElement(StringBuilder text, XElement element)
    {
        switch (element.Name.LocalName)
        {
            case "c" or "code":
                text.Append('`').Append(element.Value).Append('`');
                break;
            case "see" or "seealso" when element.IsEmpty || element.Value.Length == 0:
                text.Append(Reference(element));
                break;
            case "paramref" or "typeparamref":
                // A parameter of a record is a property, which clients know by its name in the schema.
                text.Append('`').Append(Naming.Camel((string?)element.Attribute("name") ?? "")).Append('`');
                break;
            case "para" or "br":
                text.Append("\n\n");
                Append(text, element);
                text.Append("\n\n");
                break;
            default:
                Append(text, element);
                break;
        }
    }

    /// <summary>The last name of a reference, as the schema has it: <c>T:A.B.Rental</c> reads Rental, <c>P:A.B.Rental.EndsAt</c> reads `endsAt`.</summary>
    private static string Reference(XElement see)
    {
        if ((string?)see.Attribute("langword") is { } word)
            return $"`{word}`";
        if ((string?)see.Attribute("href") is { } link)
            return link;
        string reference = ((string?)see.Attribute("cref") ?? "").Split('(')[0];
        string name = reference[(reference.LastIndexOfAny(['.', ':']) + 1)..].Split('`')[0];
        return reference.StartsWith("P:", StringComparison.Ordinal) ? $"`{Naming.Camel(name)}`"
            : reference.StartsWith("F:", StringComparison.Ordinal) ? $"`{Naming.Constant(name)}`"
            : name;
    }
}
