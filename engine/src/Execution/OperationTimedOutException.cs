using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// An operation had to end because its time was over. Error filters see it before it becomes <see cref="ErrorCodes.Timeout"/>: a service that knows what the time was
/// spent on can say so.
/// </summary>
public sealed class OperationTimedOutException() : Exception("The operation ran out of time.");
