namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>A limit of <see cref="ValidationOptions"/> is reached and reported: stops all rules at once.</summary>
internal sealed class ValidationStopped : Exception;
