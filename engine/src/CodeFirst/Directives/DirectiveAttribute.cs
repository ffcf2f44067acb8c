namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>
/// Applies a directive to the definition made from the class, member or parameter. The base of <c>[Cost]</c>, <c>[ListSize]</c> and similar
/// attributes.
/// </summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
public abstract class AppliedDirectiveAttribute : Attribute
{
    /// <summary>In SDL: <c>@tag(name: "x")</c>. The schema checks it against the directive's definition.</summary>
    protected internal abstract string Syntax { get; }
}

/// <summary>
/// Applies any directive to a definition: <c>[Directive("@tag(name: \"x\")")]</c>. <see cref="GraphQLServerBuilder.AddDirectives"/> defines it.
/// </summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
public sealed class DirectiveAttribute(string syntax) : AppliedDirectiveAttribute
{
    protected internal override string Syntax { get; } = syntax;
}
