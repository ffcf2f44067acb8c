using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Merging;

/// <summary>A field of the document with the type that it is selected on.</summary>
internal sealed class SelectedField(FieldNode node, NamedType? parent, FieldDefinition? definition)
{
    private string? arguments;

    public FieldNode Node { get; } = node;

    /// <summary>Null when the document is wrong about the type, which other rules report.</summary>
    public NamedType? Parent { get; } = parent;

    public FieldDefinition? Definition { get; } = definition;

    /// <summary>Equal for equal arguments, whatever their order.</summary>
    public string Arguments => arguments ??= CanonicalArguments.Of(Node.Arguments);
}

/// <summary>What one selection set itself selects: its fields and spreads, including those of its inline fragments.</summary>
internal sealed class SelectedFields(int id)
{
    /// <summary>Identifies the selection set within the document.</summary>
    public int Id { get; } = id;

    public List<SelectedField> Fields { get; } = [];
    public List<string> Spreads { get; } = [];
}

/// <summary>The names from the operation or fragment down to where fields meet.</summary>
internal sealed record MergePath(MergePath? Above, string Name)
{
    private const int ShownMax = 20;

    public override string ToString()
    {
        var names = new List<string>();
        for (MergePath? at = this; at is not null; at = at.Above)
        {
            names.Add(names.Count < ShownMax ? at.Name : "…");
            if (names.Count > ShownMax)
                break;
        }
        names.Reverse();
        return string.Join('.', names);
    }
}
