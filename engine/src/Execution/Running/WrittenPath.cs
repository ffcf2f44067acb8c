using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The writer's position. Each step costs one store; a <see cref="ResponsePath"/> is only built for errors.</summary>
/// <param name="basePath">The path before it in the response.</param>
internal sealed class WrittenPath(ResponsePath? basePath)
{
    private Segment[] segments = new Segment[8];
    private int depth;

    /// <summary>Enters an object or list; <see cref="At(FieldPlan)"/> or <see cref="At(int)"/> then sets the position in it.</summary>
    public void Enter()
    {
        if (depth == segments.Length)
            Array.Resize(ref segments, depth * 2);
        depth++;
    }

    public void Leave() => depth--;

    public void At(FieldPlan field) => segments[depth - 1].Field = field;

    public void At(int index)
    {
        segments[depth - 1].Field = null;
        segments[depth - 1].Index = index;
    }

    /// <summary>Null at the root.</summary>
    public ResponsePath? ToResponsePath()
    {
        ResponsePath? path = basePath;
        foreach (Segment segment in segments.AsSpan(0, depth))
            path = segment.Field is { } field ? path?.Append(field.ResponseName) ?? ResponsePath.Root(field.ResponseName) : path!.Append(segment.Index);
        return path;
    }

    private struct Segment
    {
        public FieldPlan? Field;
        public int Index;
    }
}
