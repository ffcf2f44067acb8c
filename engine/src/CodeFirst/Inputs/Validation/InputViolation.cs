namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>A value that breaks a rule of an attribute on its argument or input field.</summary>
/// <param name="Path">From the argument to the value: names as in the schema (strings) and positions in lists (ints, from 0).</param>
/// <param name="Message">For people. States the rule, never the value.</param>
/// <param name="Rule">The attribute's name, such as <c>Range</c> or <c>StringLength</c>; stable.</param>
public sealed record InputViolation(IReadOnlyList<object> Path, string Message, string Rule);
