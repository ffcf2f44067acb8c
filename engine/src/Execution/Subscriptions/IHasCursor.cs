namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>An event of a subscription that knows the position of its stream after it. See <see cref="CodeFirst.ResumesWithAttribute"/>.</summary>
public interface IHasCursor
{
    /// <summary>Opaque, in one line. A client that resumes from it misses nothing after this event.</summary>
    string Cursor { get; }
}
