using System.Text.Json;
using System.Text.Json.Nodes;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.Infrastructure.Events;

/// <summary>One committed change with the state after and before it. Shared by all subscribers of a replica; what is read from its JSON is read once.</summary>
public sealed class CommittedEvent
{
    private readonly Lazy<GridNode> node;
    private readonly Lazy<GridNode?> nodeBefore;
    private readonly Lazy<Rental> rental;
    private readonly Lazy<Notification> notification;
    private readonly Lazy<WalletEntry> walletEntry;
    private readonly Lazy<IReadOnlyList<SliceCombination>> combinations;
    private readonly Lazy<IReadOnlyList<SliceCombination>> combinationsBefore;

    internal CommittedEvent(
        long seq, long mark, EventKind kind, ChangeReason reason, DateTimeOffset at, NodeId? nodeId, RentalId? rentalId, AccountId? accountId, string state,
        string? previous)
    {
        Seq = seq;
        Mark = mark;
        Kind = kind;
        Reason = reason;
        At = at;
        NodeId = nodeId;
        RentalId = rentalId;
        AccountId = accountId;
        node = new(() => ReadNode(state));
        nodeBefore = new(() => previous is null ? null : ReadNode(RowBefore(state, previous)));
        rental = new(() => RowJson.Read<Rental>(state) is var read && read.Id == RentalId
            ? read
            : throw new JsonException("The state is not of the event's rental."));
        notification = new(() => RowJson.Read<Notification>(state) is var read && read.AccountId == AccountId
            ? read
            : throw new JsonException("The state is not of a notification of the event's account."));
        walletEntry = new(() => RowJson.Read<WalletEntry>(state) is var read && read.AccountId == AccountId
            ? read
            : throw new JsonException("The state is not of a wallet of the event's account."));
        combinations = new(() => CombinationsOf(Node));
        combinationsBefore = new(() => CombinationsOf(NodeBefore));
    }

    /// <summary>Dense and ascending in the order of commits.</summary>
    public long Seq { get; }

    /// <summary>Random: no other event has the same number and mark. 0 for one numbered before there were marks.</summary>
    public long Mark { get; }

    public EventKind Kind { get; }
    public ChangeReason Reason { get; }
    public DateTimeOffset At { get; }
    public NodeId? NodeId { get; }
    public RentalId? RentalId { get; }

    /// <summary>The renter of a rental, the account that is notified, or the owner of a wallet.</summary>
    public AccountId? AccountId { get; }

    /// <summary>The node after the change, with its farm. Only for <see cref="EventKind.Node"/>.</summary>
    public GridNode Node => node.Value;

    /// <summary>The node before the change, with its farm; null when it is new.</summary>
    public GridNode? NodeBefore => nodeBefore.Value;

    /// <summary>The rental after the change. Only for <see cref="EventKind.Rental"/>.</summary>
    public Rental Rental => rental.Value;

    /// <summary>The notification after the change. Only for <see cref="EventKind.Notification"/>.</summary>
    public Notification Notification => notification.Value;

    /// <summary>What came into a wallet or left it. Only for <see cref="EventKind.Wallet"/>.</summary>
    public WalletEntry WalletEntry => walletEntry.Value;

    /// <summary>What the node offers after the change.</summary>
    public IReadOnlyList<SliceCombination> Combinations => combinations.Value;

    /// <summary>What the node offered before the change.</summary>
    public IReadOnlyList<SliceCombination> CombinationsBefore => combinationsBefore.Value;

    /// <summary>A missing column reads as its default, so the identity of the row is checked.</summary>
    private GridNode ReadNode(string row)
    {
        GridNode node = RowJson.Read<GridNode>(row);
        if (node.Id != NodeId || node.Farm?.Id != node.FarmId)
            throw new JsonException("The state is not of the event's node with its farm.");
        node.Recount(); // An event of an earlier release lacks columns that follow from others.
        return node;
    }

    /// <summary>The row before a change: the row after it, with the columns that differ put back.</summary>
    private static string RowBefore(string state, string previous)
    {
        JsonObject row = JsonNode.Parse(state)!.AsObject();
        foreach ((string column, JsonNode? value) in JsonNode.Parse(previous)!.AsObject())
            row[column] = value?.DeepClone();
        return row.ToJsonString();
    }

    private static IReadOnlyList<SliceCombination> CombinationsOf(GridNode? node) =>
        node is { Farm: { } farm } ? SliceCombination.Of(node, farm) : [];
}
