namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>An event of a subscription that knows where its stream is after it. See <see cref="CodeFirst.ResumesWithAttribute"/>.</summary>
public interface IHasCursor
{
    /// <summary>Opaque, in one line. Whoever goes on from it misses nothing that comes after this event.</summary>
    string Cursor { get; }
}
