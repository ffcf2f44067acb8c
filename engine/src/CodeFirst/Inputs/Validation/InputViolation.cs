namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>A given value that breaks a rule which an attribute puts on its argument or input field.</summary>
/// <param name="Path">From the argument to the value: names as the schema has them (strings) and positions in lists (ints, from 0).</param>
/// <param name="Message">For people. Tells the rule, never the value.</param>
/// <param name="Rule">The attribute's name, such as <c>Range</c> or <c>StringLength</c>; stable.</param>
public sealed record InputViolation(IReadOnlyList<object> Path, string Message, string Rule);
