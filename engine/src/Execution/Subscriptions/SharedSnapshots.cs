using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Snapshots that are being read. Equal subscribers that start while one is read wait for that one, so that a crowd that comes at once costs one for each distinct
/// operation. None is kept: a later subscriber gets one of its own time.
/// </summary>
internal sealed class SharedSnapshots(SharedCounters counters)
{
    private readonly Lock gate = new();
    private readonly Dictionary<SharingKey, Making> underWay = [];

    /// <summary>The snapshot for this subscriber, its results serialised. An error in its making is that of all who wait for it.</summary>
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

    /// <summary>What nobody waits for any more is given up.</summary>
    private void Exit(SharingKey key, Making making)
    {
        lock (gate)
        {
            if (--making.WaitingCount > 0 || making.Done.IsCompleted)
                return;
            Forget(key, making);
            _ = making.Stop.CancelAsync(); // Calls nobody here, under the lock.
        }
    }

    private async Task<(SharedSnapshot Snapshot, IReadOnlyList<OperationResult> Results)> MakeAsync(
        SharingKey key, SharedSource source, EventExecution execution, Making making)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // Begun under the lock.
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
                    break; // It ends the stream of everybody.
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
        /// <summary>Has no timer and no link, so that there is nothing to dispose.</summary>
        public CancellationTokenSource Stop { get; } = new();

        public Task<(SharedSnapshot Snapshot, IReadOnlyList<OperationResult> Results)> Done { get; set; } = null!;
        public int WaitingCount { get; set; }
    }
}
