namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Puts a directive on the definition that is made from the class, member or parameter. The base of <c>[Cost]</c>, <c>[ListSize]</c> and their like.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
public abstract class AppliedDirectiveAttribute : Attribute
{
    /// <summary>As SDL writes it: <c>@tag(name: "x")</c>. The schema checks it against the directive's definition.</summary>
    protected internal abstract string Syntax { get; }
}

/// <summary>Puts any directive on a definition: <c>[Directive("@tag(name: \"x\")")]</c>. It is defined by <see cref="GraphQLServerBuilder.AddDirectives"/>.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
public sealed class DirectiveAttribute(string syntax) : AppliedDirectiveAttribute
{
    protected internal override string Syntax { get; } = syntax;
}
