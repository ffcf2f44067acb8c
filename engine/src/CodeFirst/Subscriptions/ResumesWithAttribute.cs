using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>
/// A subscription that a client can resume after an interruption. Each event has a position (<see cref="IHasCursor"/>), and this argument of the
/// field takes the position to resume from. A transport that tracks the client's position itself (<c>Last-Event-ID</c> of an event stream) sets the
/// argument.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResumesWithAttribute(string argument) : ObjectFieldDescriptorAttribute
{
    /// <summary>The name of the argument in the schema. Its type takes a string.</summary>
    public string Argument { get; } = argument;

    internal override void OnConfigure(FieldDescriptor field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.Subscribe is null || field.Arguments.All(given => given.Name != Argument))
            throw new SchemaException($"[ResumesWith] names {Argument}, which is not an argument of a subscription.");
        field.Features[typeof(Resumption)] = new Resumption(Argument);
    }
}
