namespace Mycelium.GraphQL.Engine.Errors;

/// <summary>A position that an error points at; line and column from 1.</summary>
public readonly record struct SourceLocation(int Line, int Column);
