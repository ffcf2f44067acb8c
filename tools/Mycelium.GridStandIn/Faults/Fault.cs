using Mycelium.GridStandIn.Fleet;
using Mycelium.GridStandIn.Provisioner;

namespace Mycelium.GridStandIn.Faults;

/// <summary>
/// One fault, as in the body of <c>POST /_faults</c>. It affects the responses to <see cref="Path"/>, or only <see cref="Page"/> of a list if
/// given, for the next <see cref="Requests"/> matching requests or until it is cleared. A fault of a node changes that node in every response.
/// </summary>
public sealed record Fault
{
    /// <summary>The start of the path: <c>/</c> (everything) by default.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Affects only this page of a list.</summary>
    public int? Page { get; init; }

    /// <summary>How many matching requests it affects; null until it is cleared.</summary>
    public int? Requests { get; init; }

    /// <summary>Responds with this status and an error body.</summary>
    public int? Status { get; init; }

    /// <summary>Waits this long before responding.</summary>
    public int? DelayMs { get; init; }

    /// <summary>One of <see cref="Garbage.Kinds"/>.</summary>
    public string? Garbage { get; init; }

    /// <summary>Puts this number into the <c>count</c> header.</summary>
    public int? Count { get; init; }

    /// <summary>What the provisioner does wrong: one of <see cref="ProvisionerFaults.Kinds"/>.</summary>
    public string? Provisioner { get; init; }

    /// <summary>The node that the following properties apply to.</summary>
    public int? Node { get; init; }

    /// <summary>Removes the node from every response.</summary>
    public bool Vanish { get; init; }

    /// <summary>Changes the node's totals so that exactly this many base slices are free in addition to what it uses.</summary>
    public int? Slices { get; init; }

    /// <summary>Replaces the node's totals.</summary>
    public Resources? Total { get; init; }

    /// <summary>Replaces what the node uses.</summary>
    public Resources? Used { get; init; }

    /// <summary><c>up</c>, <c>down</c> or <c>standby</c> (or any other word, to test clients).</summary>
    public string? NodeStatus { get; init; }

    /// <summary>The farm whose record is corrupted.</summary>
    public int? Farm { get; init; }

    /// <summary>Fields of the node's or farm's record in lists, with replacement texts that need not be valid JSON: <c>"gpus": "[null]"</c>.</summary>
    public IReadOnlyDictionary<string, string>? Set { get; init; }

    /// <summary>Replaces the node's or farm's whole record in lists. It need not be valid JSON.</summary>
    public string? Raw { get; init; }

    /// <summary>Keeps the correct record in the list and adds the corrupted one after it.</summary>
    public bool Repeat { get; init; }

    internal bool SpoilsRecord => Set is not null || Raw is not null || Repeat;

    /// <summary>What is wrong with this definition of a fault; null if it is valid.</summary>
    public string? Problem() => this switch
    {
        { Garbage: { } kind } when !Faults.Garbage.Kinds.Contains(kind) => $"garbage must be one of {string.Join(", ", Faults.Garbage.Kinds)}",
        { Provisioner: { } kind } when !ProvisionerFaults.Kinds.Contains(kind) => $"provisioner must be one of {string.Join(", ", ProvisionerFaults.Kinds)}",
        { Status: < 200 or > 599 } => "status must be 200 to 599",
        { DelayMs: < 0 or > 600_000 } => "delayMs must be 0 to 600000",
        { Requests: < 1 } => "requests must be at least 1",
        { Slices: < 0 or > 4_096 } => "slices must be 0 to 4096",
        { Node: null, Farm: null } when SpoilsRecord => "name a node or a farm",
        { Node: not null, Farm: not null } => "name either a node or a farm",
        { Farm: not null } when !SpoilsRecord => "specify what happens to the farm's record",
        { Node: null } when Vanish || Slices is not null || Total is not null || Used is not null || NodeStatus is not null => "name a node",
        { Node: not null } when !SpoilsRecord && !Vanish && Slices is null && Total is null && Used is null && NodeStatus is null =>
            "specify what happens to the node",
        { Node: null, Farm: null, Status: null, DelayMs: null, Garbage: null, Count: null, Provisioner: null } => "the fault does nothing",
        _ => null,
    };

    internal bool Matches(string path, string page) =>
        path.StartsWith(Path, StringComparison.Ordinal) && (Page is not { } only || page == only.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
