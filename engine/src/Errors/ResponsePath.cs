namespace Mycelium.GraphQL.Engine.Errors;

/// <summary>A path into the response, linked from its end: each segment is a response name or a list index.</summary>
public sealed class ResponsePath
{
    private ResponsePath(ResponsePath? parent, string? name, int index)
    {
        Parent = parent;
        Name = name;
        Index = index;
    }

    public ResponsePath? Parent { get; }

    /// <summary>The response name, or null when the segment is an index.</summary>
    public string? Name { get; }

    public int Index { get; }

    public static ResponsePath Root(string name) => new(null, name, -1);
    public ResponsePath Append(string name) => new(this, name, -1);
    public ResponsePath Append(int index) => new(this, null, index);

    /// <summary>The segments from the root: strings and ints.</summary>
    public IReadOnlyList<object> ToList()
    {
        var segments = new List<object>();
        for (ResponsePath? at = this; at is not null; at = at.Parent)
            segments.Add(at.Name is null ? at.Index : at.Name);
        segments.Reverse();
        return segments;
    }

    public override string ToString() => string.Join('.', ToList());
}
