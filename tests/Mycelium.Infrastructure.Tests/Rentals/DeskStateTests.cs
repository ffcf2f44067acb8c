using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>What the desk decides under its lock, step by step and without a task.</summary>
public sealed class DeskStateTests
{
    private readonly TestClock clock = new();
    private readonly AllocationOptions settings = new() { QueueMax = 3, BatchMax = 2, RoundMax = 3, RoundsAtOnce = 2 };
    private readonly List<NodeQueue> alone = [];
    private readonly DeskState state;
    private int roundCount;

    public DeskStateTests() => state = new DeskState(settings, clock, () => roundCount++, alone.Add);

    [Fact]
    public void A_caller_at_an_idle_desk_starts_a_round_and_the_next_round_waits_for_half_of_the_crowd()
    {
        Add(node: 1);
        Assert.Equal(1, roundCount);
        Round first = state.FirstRound();
        Assert.Equal((1, 1), (first.Nodes.Count, first.Callers));
        Take(first, NodeTurnKind.Taken);

        Add(node: 2);
        Assert.Equal(2, roundCount); // One waits, one is served: half of the crowd.
        Add(node: 3);

        Assert.Equal(2, roundCount); // No more than RoundsAtOnce.
        Assert.Equal(2, state.FirstRound().Callers);
        state.GiveBack(first, [NodeTurnKind.Taken], []);
        Assert.Empty(state.NextRound(first).Nodes);
    }

    [Fact]
    public void A_round_takes_the_nodes_that_waited_longest_up_to_its_size_and_a_batch_of_each()
    {
        foreach (long node in (long[])[1, 1, 1, 2, 3])
            Add(node);

        Round round = state.FirstRound();

        Assert.Equal([1L, 2L], round.Nodes.Select(queue => queue.Node.Value)); // Two of the first node and one of the second.
        Assert.Equal(3, Take(round, NodeTurnKind.Taken, NodeTurnKind.Taken).Count);
        state.GiveBack(round, [NodeTurnKind.Taken, NodeTurnKind.Taken], []);
        Assert.Equal([3L, 1L], state.NextRound(round).Nodes.Select(queue => queue.Node.Value));
    }

    [Fact]
    public void Callers_of_a_busy_node_and_callers_whose_rows_are_locked_are_served_alone_in_their_order()
    {
        WaitingRequest busy = Add(node: 1), locked = Add(node: 2), free = Add(node: 3);
        Round round = state.FirstRound();
        NodeTurnKind[] kinds = [NodeTurnKind.Busy, NodeTurnKind.Taken, NodeTurnKind.Taken];
        Assert.Equal([locked, free], Take(round, kinds));

        state.GiveBack(round, kinds, [locked]);

        Assert.Equal([1L, 2L], alone.Select(queue => queue.Node.Value));
        Assert.Equal([[busy], [locked]], alone.Select(state.TakeAlone));
        Assert.Empty(state.NextRound(round).Nodes);
    }

    [Fact]
    public async Task Callers_that_waited_too_long_or_find_the_queue_full_are_refused_and_callers_that_left_are_not_served()
    {
        WaitingRequest early = Add(node: 1);
        clock.Advance(settings.WaitMax / 2);
        WaitingRequest late = Add(node: 1), leaving = Add(node: 1), tooMany = Add(node: 1);
        Assert.IsType<NodeContended>(await tooMany.WaitAsync(default));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.WaitAsync(new CancellationToken(canceled: true)));

        clock.Advance(settings.WaitMax / 2);
        Round round = state.FirstRound();

        Assert.Equal([late], Take(round, NodeTurnKind.Taken));
        Assert.IsType<NodeContended>(await early.WaitAsync(default));
        state.RefuseIfWaiting(late);
        Assert.False(late.IsOver); // It is being served.
    }

    [Fact]
    public void A_node_that_stays_busy_keeps_callers_with_half_of_their_time_left()
    {
        WaitingRequest early = Add(node: 1);
        clock.Advance(settings.WaitMax / 2);
        WaitingRequest late = Add(node: 1);
        Round round = state.FirstRound();
        state.GiveBack(round, [NodeTurnKind.Busy], []);

        Assert.True(state.HasTimeForAnotherTurn(Assert.Single(alone)));
        Assert.Equal((true, false), (early.IsOver, late.IsOver));
        clock.Advance(settings.WaitMax / 2);
        Assert.False(state.HasTimeForAnotherTurn(alone[0]));
    }

    [Fact]
    public void A_desk_that_has_failed_serves_later_callers_and_one_that_is_closed_nobody()
    {
        WaitingRequest lost = Add(node: 1);
        Round round = state.FirstRound();

        Assert.Equal([lost], state.TakeAll(round.Nodes));
        Assert.Empty(state.NextRound(round).Nodes);
        Add(node: 1);
        Assert.Equal(2, roundCount);

        Assert.Equal((true, false), (state.Close(), state.Close()));
        Assert.Throws<StoreUnavailableException>(() => Add(node: 2));
    }

    private WaitingRequest Add(long node)
    {
        var waiting = new WaitingRequest(new RentRequest(A.Renter, A.Wish(nodeId: node), A.SshKey, IdempotencyKey.Parse("key-00000001")), clock.GetTimestamp());
        state.Add(waiting);
        return waiting;
    }

    private List<WaitingRequest> Take(Round round, params NodeTurnKind[] kinds)
    {
        var callers = new List<WaitingRequest>();
        state.TakeCallers(round, kinds, callers);
        return callers;
    }
}
