namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Adds the public methods and properties of a class to the query type.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class QueryTypeAttribute : Attribute;

/// <summary>Adds the public methods of a class to the mutation type.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MutationTypeAttribute : Attribute;

/// <summary>Adds the public methods of a class to the subscription type.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SubscriptionTypeAttribute : Attribute;

/// <summary>
/// Describes the object type of <typeparamref name="T"/>: the class's methods become fields next to the public properties of T. A method named like a
/// property replaces it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ObjectTypeAttribute<T> : Attribute
{
    public string? Name { get; init; }
}

/// <summary>Adds fields to the object type of <typeparamref name="T"/>, or to every object that implements it when T is an interface.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ExtendObjectTypeAttribute<T> : Attribute
{
    /// <summary>Names of properties of T that are left out of the schema.</summary>
    public string[] IgnoreProperties { get; init; } = [];
}

/// <summary>A CLR interface that is a union: the records that implement it are its members.</summary>
[AttributeUsage(AttributeTargets.Interface | AttributeTargets.Class)]
public sealed class UnionTypeAttribute(string? name = null) : Attribute
{
    public string? Name { get; } = name;

    /// <summary>
    /// Members that do not implement the interface, such as those that several unions share. A field that may return one of them has a wider CLR
    /// type, and names the union in a <see cref="GraphQLTypeAttribute"/>.
    /// </summary>
    public Type[] Members { get; init; } = [];
}

/// <summary>A CLR interface or abstract class that is a GraphQL interface: its properties are its fields.</summary>
[AttributeUsage(AttributeTargets.Interface | AttributeTargets.Class)]
public sealed class InterfaceTypeAttribute(string? name = null) : Attribute
{
    public string? Name { get; } = name;
}

[AttributeUsage(AttributeTargets.All)]
public sealed class GraphQLNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

[AttributeUsage(AttributeTargets.All)]
public sealed class GraphQLDescriptionAttribute(string description) : Attribute
{
    public string Description { get; } = description;
}

/// <summary>Keeps a type or member out of the schema.</summary>
[AttributeUsage(AttributeTargets.All)]
public sealed class GraphQLIgnoreAttribute : Attribute;

/// <summary>Sets the GraphQL type by its notation where the CLR type does not determine it: <c>[GraphQLType("[Int!]")]</c>.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class GraphQLTypeAttribute(string type) : Attribute
{
    public string Type { get; } = type;
}

[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.Field)]
public sealed class GraphQLDeprecatedAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}

/// <summary>
/// An opaque global id of type <c>ID</c>. Output: base64 of <c>TypeName:value</c>. Input: the id must be of the named type, or of any type when none
/// is named.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Parameter)]
public class IDAttribute(string? typeName = null) : Attribute
{
    public string? TypeName { get; } = typeName;
}

/// <inheritdoc cref="IDAttribute"/>
public sealed class IDAttribute<T>() : IDAttribute(typeof(T).Name);

/// <summary>The type implements <c>Node</c>. The method marked <see cref="NodeResolverAttribute"/> in its type class fetches one by id.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class NodeAttribute : Attribute
{
    /// <summary>The property that is the id; <c>Id</c> by default.</summary>
    public string IdField { get; init; } = "Id";
}

/// <summary>Fetches an object by its id for <c>node(id:)</c> and <c>nodes(ids:)</c>; makes its type implement <c>Node</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeResolverAttribute : Attribute;

/// <summary>The parameter is the object that the field belongs to.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ParentAttribute(params string[] requires) : Attribute
{
    /// <summary>Properties of the parent that the resolver reads, so that a projection fetches them.</summary>
    public string[] Requires { get; } = requires;
}

/// <summary>The parameter is a service. Parameters of registered service types need no attribute.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ServiceAttribute : Attribute;

/// <summary>The parameter is an entry of <see cref="TypeSystem.ResolverContext.ContextData"/>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class GlobalStateAttribute(string? key = null) : Attribute
{
    public string? Key { get; } = key;
}

/// <summary>Exactly one field of this input must be given.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class OneOfAttribute : Attribute;

/// <summary>Gives the default of an argument or input field as a GraphQL literal: <c>[DefaultValueSyntax("[{ price: ASC }]")]</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class DefaultValueSyntaxAttribute(string syntax) : Attribute
{
    public string Syntax { get; } = syntax;
}

/// <summary>
/// A subscription field. <see cref="With"/> names the method of the same class that returns the source stream (<c>IAsyncEnumerable&lt;T&gt;</c>, with
/// those of the field's arguments that it needs). Without it, the field listens to <see cref="TopicAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SubscribeAttribute : Attribute
{
    public string? With { get; init; }
}

/// <summary>The topic a subscription listens to; <c>{argument}</c> stands for an argument's value. The field's name by default.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Parameter)]
public sealed class TopicAttribute(string? name = null) : Attribute
{
    public string? Name { get; } = name;
}

/// <summary>The parameter is the event that a subscription delivers.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EventMessageAttribute : Attribute;

/// <summary>The field, or every field of the type, needs a signed-in viewer, who has one of the roles when any are named.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Property, AllowMultiple = true)]
public sealed class AuthorizeAttribute : Attribute
{
    public string[] Roles { get; init; } = [];

    /// <summary>The name of an ASP.NET Core authorization policy.</summary>
    public string? Policy { get; init; }
}

/// <summary>Lifts an <see cref="AuthorizeAttribute"/> of the type for one field.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class AllowAnonymousAttribute : Attribute;

/// <summary>Changes a field while the schema is built; the base of <c>[UsePaging]</c>, <c>[UseFiltering]</c> and similar attributes.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public abstract class ObjectFieldDescriptorAttribute : Attribute
{
    /// <summary>Attributes apply in ascending order; by default that is the order of the source lines.</summary>
    public int Order { get; init; }

    internal abstract void OnConfigure(FieldDescriptor field);
}
