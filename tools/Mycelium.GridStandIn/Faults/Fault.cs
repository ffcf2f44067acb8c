using Mycelium.GridStandIn.Fleet;

namespace Mycelium.GridStandIn.Faults;

/// <summary>
/// One thing that goes wrong, as <c>POST /_faults</c> takes it. Which answers it spoils: those to <see cref="Path"/>, to <see cref="Page"/> of a list when
/// given, for the next <see cref="Requests"/> such requests or until it is cleared. A fault about a node changes what every answer says of that node.
/// </summary>
public sealed record Fault
{
    /// <summary>The start of the path: <c>/</c> (everything) by default.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Only the list page of this number.</summary>
    public int? Page { get; init; }

    /// <summary>How many matching requests it is good for; null until cleared.</summary>
    public int? Requests { get; init; }

    /// <summary>Answers with this status and an error body.</summary>
    public int? Status { get; init; }

    /// <summary>Waits this long before it answers.</summary>
    public int? DelayMs { get; init; }

    /// <summary>One of <see cref="Garbage.Kinds"/>.</summary>
    public string? Garbage { get; init; }

    /// <summary>Says this number in the <c>count</c> header.</summary>
    public int? Count { get; init; }

    /// <summary>The node that the rest speaks of.</summary>
    public int? Node { get; init; }

    /// <summary>The node is gone from every answer.</summary>
    public bool Vanish { get; init; }

    /// <summary>Shrinks or grows the node's totals to exactly this many base slices, on top of what it uses.</summary>
    public int? Slices { get; init; }

    /// <summary>Replaces the node's totals.</summary>
    public Resources? Total { get; init; }

    /// <summary>Replaces what the node uses.</summary>
    public Resources? Used { get; init; }

    /// <summary><c>up</c>, <c>down</c> or <c>standby</c> (or any other word, to see what a client does).</summary>
    public string? NodeStatus { get; init; }

    /// <summary>The farm whose record is spoiled.</summary>
    public int? Farm { get; init; }

    /// <summary>Fields of the node's or farm's record in lists and the texts that stand there instead, which need not be JSON: <c>"gpus": "[null]"</c>.</summary>
    public IReadOnlyDictionary<string, string>? Set { get; init; }

    /// <summary>Stands instead of the node's or farm's whole record in lists, and need not be JSON.</summary>
    public string? Raw { get; init; }

    /// <summary>The honest record stays in the list, and the spoiled one follows it.</summary>
    public bool Repeat { get; init; }

    internal bool SpoilsRecord => Set is not null || Raw is not null || Repeat;

    /// <summary>What is wrong with the fault itself, or null.</summary>
    public string? Problem() => this switch
    {
        { Garbage: { } kind } when !Faults.Garbage.Kinds.Contains(kind) => $"garbage is one of {string.Join(", ", Faults.Garbage.Kinds)}",
        { Status: < 200 or > 599 } => "status goes from 200 to 599",
        { DelayMs: < 0 or > 600_000 } => "delayMs goes from 0 to 600000",
        { Requests: < 1 } => "requests starts at 1",
        { Slices: < 0 or > 4_096 } => "slices goes from 0 to 4096",
        { Node: null, Farm: null } when SpoilsRecord => "say which node or farm",
        { Node: not null, Farm: not null } => "say either which node or which farm",
        { Farm: not null } when !SpoilsRecord => "say what happens to the farm's record",
        { Node: null } when Vanish || Slices is not null || Total is not null || Used is not null || NodeStatus is not null => "say which node",
        { Node: not null } when !SpoilsRecord && !Vanish && Slices is null && Total is null && Used is null && NodeStatus is null => "say what happens to the node",
        { Node: null, Farm: null, Status: null, DelayMs: null, Garbage: null, Count: null } => "the fault does nothing",
        _ => null,
    };

    internal bool Matches(string path, string page) =>
        path.StartsWith(Path, StringComparison.Ordinal) && (Page is not { } only || page == only.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
