using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>The fields of input objects: the parameters of a record's constructor, then other settable properties.</summary>
internal sealed class InputTypes(SchemaDraft draft)
{
    public void SetFields(InputObjectType input, Type type)
    {
        ConstructorInfo? constructor = Constructor(type);
        if (constructor is null && !type.IsValueType)
            throw new SchemaException($"{type.Name} has no public constructor of which every parameter is a property.");

        IReadOnlyList<InputMember> members = Members(type);
        draft.SetFields(input, members.Select(Describe), InputActivator.Compile(type, constructor, members));
    }

    /// <summary>The members that become the fields of the input, in order.</summary>
    public static IReadOnlyList<InputMember> Members(Type type)
    {
        var members = new List<InputMember>();
        foreach (ParameterInfo parameter in Constructor(type)?.GetParameters() ?? [])
            members.Add(new InputMember(Property(type, parameter)!, parameter));
        members.AddRange(ObjectFields.Properties(type)
            .Where(property => property.SetMethod is { IsPublic: true } && !property.IsDefined(typeof(GraphQLIgnoreAttribute)))
            .Where(property => members.All(member => member.Property.Name != property.Name))
            .Select(property => new InputMember(property, Parameter: null)));
        return members;
    }

    private ArgumentDescriptor Describe(InputMember member)
    {
        ParameterInfo? parameter = member.Parameter;
        ICustomAttributeProvider marked = parameter is not null && IsMarked(parameter) ? parameter : member.Property;
        TypeReference type = ObjectFields.Reference(marked, parameter is null ? ClrShape.Of(member.Property) : ClrShape.Of(parameter));
        return new ArgumentDescriptor(Naming.Field(member.Property), type)
        {
            Description = draft.Descriptions.Of(member.Property),
            DeprecationReason = Deprecations.Of(member.Property) ?? (parameter is null ? null : Deprecations.Of(parameter)),
            DefaultValue = (parameter is null ? null : Defaults.Of(draft, parameter, type)) ?? Defaults.Of(draft, member.Property, type),
        }.With(DirectiveSyntax.Of(member.Property, parameter));
    }

    private static bool IsMarked(ParameterInfo parameter) => parameter.IsDefined(typeof(IDAttribute)) || parameter.IsDefined(typeof(GraphQLTypeAttribute));

    /// <summary>The constructor without parameters, or else the one with the most parameters that are properties.</summary>
    private static ConstructorInfo? Constructor(Type type) => type.GetConstructor([]) ?? type.GetConstructors()
        .Where(candidate => candidate.GetParameters().All(parameter => Property(type, parameter) is not null))
        .MaxBy(candidate => candidate.GetParameters().Length);

    private static PropertyInfo? Property(Type type, ParameterInfo parameter) => ObjectFields.Properties(type)
        .FirstOrDefault(
            property => string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase) && property.PropertyType == parameter.ParameterType);
}

/// <summary>A field of an input: its property, and the constructor's parameter that sets it, if any.</summary>
internal sealed record InputMember(PropertyInfo Property, ParameterInfo? Parameter);
