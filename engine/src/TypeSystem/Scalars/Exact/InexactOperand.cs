namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// What a filter compares with when the scalar has no such value, as in <c>{ lt: 2147483648 }</c> for an <c>Int</c>. It lies between two of the
/// scalar's values, so every comparison with it has an exact result. Only filters accept one; everywhere else the scalar rejects the value.
/// </summary>
/// <param name="Floor">The greatest value of the scalar that is less, in its runtime type; null when all are greater.</param>
internal sealed record InexactOperand(object? Floor);
