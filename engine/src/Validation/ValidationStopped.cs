namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>A bound of <see cref="ValidationOptions"/> is reached, and the error that says so is reported: leaves all rules at once.</summary>
internal sealed class ValidationStopped : Exception;
