namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A feature of subscription fields: the argument that takes the position to resume from.</summary>
internal sealed record Resumption(string Argument);
