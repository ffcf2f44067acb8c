namespace Mycelium.GraphQL.Engine.Validation.Merging;

internal enum Pass { Shapes, SameFields }

/// <summary>
/// Selection sets whose fields end up in one object of the response. Equal when the sets and the pass are; the path is only one of many.
/// </summary>
internal sealed class MergedSelections : IEquatable<MergedSelections>
{
    private readonly int[] ids;
    private readonly int hash;

    public MergedSelections(SelectedFields[] sets, Pass pass, MergePath? path)
    {
        Sets = sets;
        Pass = pass;
        Path = path;
        ids = [.. sets.Select(set => set.Id).Distinct().Order()];
        var code = new HashCode();
        code.Add(pass);
        foreach (int id in ids)
            code.Add(id);
        hash = code.ToHashCode();
    }

    public SelectedFields[] Sets { get; }
    public Pass Pass { get; }
    public MergePath? Path { get; }

    public bool Equals(MergedSelections? other) => other is not null && Pass == other.Pass && ids.AsSpan().SequenceEqual(other.ids);

    public override bool Equals(object? other) => Equals(other as MergedSelections);

    public override int GetHashCode() => hash;
}
