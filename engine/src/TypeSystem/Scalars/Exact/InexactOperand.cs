namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// What a filter compares with where the scalar has no such value, as in <c>{ lt: 2147483648 }</c> of an <c>Int</c>: it lies between two of the scalar's values, and
/// so every comparison with it is known exactly. Only filters take one; everywhere else the scalar refuses the value.
/// </summary>
/// <param name="Floor">The greatest value of the scalar that is less, in its runtime type; null when all are greater.</param>
internal sealed record InexactOperand(object? Floor);
