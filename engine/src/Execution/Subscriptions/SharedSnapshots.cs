using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Snapshots that are being loaded. Equal subscribers that arrive in the meantime wait for the same one, so that a crowd arriving at once costs one
/// load per distinct operation. None is kept: later subscribers get a new one.
/// </summary>
internal sealed class SharedSnapshots(SharedCounters counters)
{
    private readonly Lock gate = new();
    private readonly Dictionary<SharingKey, Making> underWay = [];

    /// <summary>The snapshot for this subscriber, with its results serialized. An error while loading goes to all who wait for it.</summary>
    public async Task<(SharedSnapshot Snapshot, IReadOnlyList<OperationResult> Results)> JoinAsync(
        SharingKey key, SharedSource source, EventExecution execution, CancellationToken cancellation)
    {
        Making making = Enter(key, source, execution);
        try
        {
            return await making.Done.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            Exit(key, making);
        }
    }

    private Making Enter(SharingKey key, SharedSource source, EventExecution execution)
    {
        lock (gate)
        {
            if (!underWay.TryGetValue(key, out Making? making))
            {
                making = new Making();
                underWay.Add(key, making);
                making.Done = MakeAsync(key, source, key.ForGroup(execution), making);
            }
            making.WaitingCount++;
            return making;
        }
    }

    /// <summary>A load that is no longer awaited is cancelled.</summary>
    private void Exit(SharingKey key, Making making)
    {
        lock (gate)
        {
            if (--making.WaitingCount > 0 || making.Done.IsCompleted)
                return;
            Forget(key, making);
            _ = making.Stop.CancelAsync(); // Runs no foreign code under the lock.
        }
    }

    private async Task<(SharedSnapshot Snapshot, IReadOnlyList<OperationResult> Results)> MakeAsync(
        SharingKey key, SharedSource source, EventExecution execution, Making making)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // Started under the lock.
        try
        {
            SharedSnapshot snapshot = await source.ReadSnapshotAsync(making.Stop.Token).ConfigureAwait(false);
            var results = new List<OperationResult>(snapshot.Messages.Count);
            foreach (object message in snapshot.Messages)
            {
                OperationResult executed = await execution.ExecuteAsync(message, making.Stop.Token).ConfigureAwait(false);
                counters.Evaluated();
                results.Add(executed.HasData ? SharedResult.Of(executed) : executed);
                if (!executed.HasData)
                    break; // It ends the stream of every subscriber.
            }
            return (snapshot, results);
        }
        finally
        {
            lock (gate)
                Forget(key, making);
        }
    }

    private void Forget(SharingKey key, Making making)
    {
        if (underWay.GetValueOrDefault(key) == making)
            underWay.Remove(key);
    }

    private sealed class Making
    {
        /// <summary>Has no timer and no link, so there is nothing to dispose.</summary>
        public CancellationTokenSource Stop { get; } = new();

        public Task<(SharedSnapshot Snapshot, IReadOnlyList<OperationResult> Results)> Done { get; set; } = null!;
        public int WaitingCount { get; set; }
    }
}
