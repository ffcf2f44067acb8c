using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// An operation was ended because its time ran out. Error filters see it before it becomes <see cref="ErrorCodes.Timeout"/>, so a service that knows
/// what took the time can say so.
/// </summary>
public sealed class OperationTimedOutException() : Exception("The operation ran out of time.");
