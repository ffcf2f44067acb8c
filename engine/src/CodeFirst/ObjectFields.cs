using System.Reflection;
using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>The fields of objects and interfaces: from the properties of their CLR types and the methods of the classes that describe them.</summary>
internal sealed class ObjectFields(SchemaDraft draft)
{
    /// <summary>The public properties that a type shows, those of base types first.</summary>
    public static IReadOnlyList<PropertyInfo> Properties(Type type)
    {
        IEnumerable<Type> owners = type.IsInterface ? type.GetInterfaces().Append(type) : [type];
        return [.. owners.SelectMany(owner => owner.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .OrderBy(property => Depth(property.DeclaringType!)).ThenBy(property => property.MetadataToken)
            .DistinctBy(property => property.Name)];
    }

    /// <summary>The fields of a type: its properties, then what classes add. A method named like a property replaces it.</summary>
    public IReadOnlyList<FieldDescriptor> Of(ComplexType owner, Type type)
    {
        Type[] speakers = [.. draft.Classes.TypeClassesOf(type)];
        var fields = new List<FieldDescriptor>();
        foreach (PropertyInfo property in Properties(type).Where(property => !draft.Classes.IsIgnored(type, property)))
            draft.Report($"{owner.Name}.{Naming.Field(property)}", () => fields.Add(OfProperty(property, type, speakers)));
        foreach (Type extension in draft.Classes.ExtensionsOf(type))
        {
            foreach (FieldDescriptor field in OfClass(owner.Name, extension, type, speakers))
                Put(fields, field);
        }
        return fields;
    }

    /// <summary>The fields that a class with resolvers adds to a type.</summary>
    public IReadOnlyList<FieldDescriptor> OfClass(string typeName, Type source, Type? target, IReadOnlyList<Type> speakers)
    {
        var fields = new List<FieldDescriptor>();
        foreach (MethodInfo method in Resolvers(source, isNodeResolverField: target is null))
        {
            MemberInfo member = method.IsSpecialName ? source.GetProperty(method.Name["get_".Length..])! : method;
            draft.Report($"{typeName}.{Naming.Field(member)}", () => fields.Add(OfMethod(member, method, source, target, speakers)));
        }
        return fields;
    }

    /// <summary>A field that shows a property as it is.</summary>
    public FieldDescriptor OfProperty(PropertyInfo property, Type type, IReadOnlyList<Type> speakers)
    {
        bool isNodeId = draft.Nodes.Find(type)?.Id.Name == property.Name;
        ClrShape shape = ClrShape.Of(property);
        var field = new FieldDescriptor(
            isNodeId ? "id" : Naming.Field(property),
            isNodeId ? new MemberTypeReference(shape with { IsNullable = false }, IsId: true, draft.Classes.NameOf(type)) : Reference(property, shape))
        {
            Source = property,
            ResultType = property.PropertyType,
            Description = draft.Descriptions.Of(property),
            DeprecationReason = Deprecations.Of(property),
        };
        Configure(field, property, speakers);
        return field;
    }

    /// <summary>An argument from a parameter of a resolver.</summary>
    public ArgumentDescriptor Argument(ParameterInfo parameter, MethodInfo method)
    {
        MemberTypeReference? nodeId = draft.Nodes.IdParameterOf(method, parameter) is { } typeName
            ? new MemberTypeReference(ClrShape.Of(parameter), IsId: true, typeName)
            : null;
        TypeReference type = nodeId ?? Reference(parameter, ClrShape.Of(parameter));
        return new ArgumentDescriptor(Naming.Argument(parameter), type)
        {
            Description = draft.Descriptions.Of(parameter),
            DeprecationReason = Deprecations.Of(parameter),
            DefaultValue = Defaults.Of(draft, parameter, type),
            Rules = draft.Rules.Of(parameter),
        }.With(DirectiveSyntax.Of(parameter));
    }

    /// <summary>The type of a member or parameter: as its attributes specify, or else its CLR type.</summary>
    public static TypeReference Reference(ICustomAttributeProvider source, ClrShape shape)
    {
        if (source.GetCustomAttributes(typeof(GraphQLTypeAttribute), inherit: true) is [GraphQLTypeAttribute { Type: var notation }, ..])
            return new TypeReference.Notation(notation);
        return source.GetCustomAttributes(typeof(IDAttribute), inherit: true) is [IDAttribute id, ..]
            ? new MemberTypeReference(shape, IsId: true, id.TypeName)
            : new MemberTypeReference(shape);
    }

    private FieldDescriptor OfMethod(MemberInfo member, MethodInfo method, Type source, Type? target, IReadOnlyList<Type> speakers)
    {
        SubscribeAttribute? subscribe = method.GetCustomAttribute<SubscribeAttribute>();
        CompiledResolver resolver = draft.Compiler.Compile(method);
        var field = new FieldDescriptor(Naming.Field(member), Reference(member, ClrShape.Of(method)))
        {
            Source = member,
            ResultType = ClrShape.Awaited(method.ReturnType),
            Resolver = context => resolver.Resolve(context, null),
            Description = draft.Descriptions.Of(member),
            DeprecationReason = Deprecations.Of(member),
            DefaultCost = IsAsynchronous(method.ReturnType) ? DefaultCost.Resolver : DefaultCost.None,
        };
        foreach (ParameterInfo parameter in resolver.Arguments)
            field.Arguments.Add(Argument(parameter, method));
        foreach (PropertyInfo required in Required(method))
            field.Requires.Add(required);
        if (FieldAuthorization.Of(member, [.. speakers, source]) is null && ResolverCompiler.IsBlindToViewer(method))
            field.Features[typeof(SameForEveryone)] = SameForEveryone.Mark;
        if (subscribe is not null)
            SubscriptionFields.Configure(draft, field, method, subscribe);
        var validation = InputValidation.Of(field, draft.Classes.InvalidInputResults);
        if (validation is not null && field.Subscribe is { } start)
            field.Subscribe = validation.Around(start);

        Configure(field, member, [.. speakers, source]);
        int guarded = FieldAuthorization.Of(member, [.. speakers, source]) is null ? 0 : 1;
        for (int i = resolver.Surroundings.Count - 1; i >= 0; i--)
            field.Middleware.Insert(guarded, resolver.Surroundings[i]);
        if (validation is not null && field.Subscribe is null)
            field.Middleware.Insert(guarded, validation.Around);
        return field;
    }

    /// <summary>The return type of a method that does I/O, itself or through the engine.</summary>
    private static bool IsAsynchronous(Type returned) => returned.IsGenericType && (ClrShape.Awaited(returned) != returned
        || returned.GetGenericTypeDefinition() is var definition && (definition == typeof(IAsyncEnumerable<>) || definition == typeof(IQueryable<>)));

    /// <summary>Lets the attributes of a field change it, and puts authorization first.</summary>
    private static void Configure(FieldDescriptor field, MemberInfo member, IReadOnlyList<Type> speakers)
    {
        foreach (ObjectFieldDescriptorAttribute attribute in member.GetCustomAttributes<ObjectFieldDescriptorAttribute>().OrderBy(attribute => attribute.Order))
            attribute.OnConfigure(field);
        foreach (DirectiveNode directive in DirectiveSyntax.Of(member))
            field.Directives.Add(directive);
        if (FieldAuthorization.Of(member, speakers) is not { } authorization)
            return;
        field.Features[typeof(GuardedField)] = GuardedField.Mark;
        field.Middleware.Insert(0, authorization.Around);
        if (field.Subscribe is { } subscribe)
            field.Subscribe = authorization.Around(subscribe);
    }

    private static void Put(List<FieldDescriptor> fields, FieldDescriptor field)
    {
        int same = fields.FindIndex(other => other.Name == field.Name);
        if (same < 0)
            fields.Add(field);
        else if (fields[same].Source is PropertyInfo)
            fields[same] = field;
        else
            throw new SchemaException($"two methods define the field {field.Name}.");
    }

    private static IEnumerable<PropertyInfo> Required(MethodInfo method)
    {
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            foreach (string name in parameter.GetCustomAttribute<ParentAttribute>()?.Requires ?? [])
            {
                yield return parameter.ParameterType.GetProperty(name)
                    ?? throw new SchemaException($"[Parent] requires {name}, which {parameter.ParameterType.Name} does not have.");
            }
        }
    }

    /// <summary>Public methods and getters that are fields, in source order.</summary>
    private static IEnumerable<MethodInfo> Resolvers(Type source, bool isNodeResolverField)
    {
        MethodInfo[] methods = source.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy);
        HashSet<string> streams = [.. methods.Select(method => method.GetCustomAttribute<SubscribeAttribute>()?.With).OfType<string>()];
        return methods.Where(
            method => method.DeclaringType != typeof(object) && !method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) || IsGetter(method))
            .Where(method => method.GetBaseDefinition().DeclaringType != typeof(object))
            .Where(method => !method.IsSpecialName || IsGetter(method))
            .Where(method => !method.IsDefined(typeof(GraphQLIgnoreAttribute)) && !streams.Contains(method.Name))
            .Where(method => isNodeResolverField || !method.IsDefined(typeof(NodeResolverAttribute)))
            .OrderBy(method => Depth(method.DeclaringType!)).ThenBy(method => method.MetadataToken);
    }

    private static bool IsGetter(MethodInfo method) => method.IsSpecialName && method.Name.StartsWith("get_", StringComparison.Ordinal)
        && method.GetParameters().Length == 0 && method.DeclaringType != typeof(object)
        && method.DeclaringType!.GetProperty(method.Name["get_".Length..]) is { } property && !property.IsDefined(typeof(GraphQLIgnoreAttribute));

    private static int Depth(Type type)
    {
        int depth = 0;
        for (Type? at = type.BaseType; at is not null; at = at.BaseType)
            depth++;
        return depth;
    }
}
