namespace Mycelium.GraphQL.Engine.Transport.Sockets;

internal enum Admission { Admitted, IdInUse, TooMany }

/// <summary>The operations of one socket: the active ones by id, and those that were stopped and have not ended yet.</summary>
internal sealed class SocketOperations(int maxActive)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SocketOperation> active = new(StringComparer.Ordinal);
    private readonly HashSet<SocketOperation> running = [];
    private TaskCompletionSource? whenNoneRuns;

    /// <summary>
    /// As many operations as may be active may also be stopped and still ending: a page that replaces all its subscriptions at once is fine, a client
    /// that keeps starting and stopping is not.
    /// </summary>
    public Admission Admit(SocketOperation operation)
    {
        lock (gate)
        {
            if (active.ContainsKey(operation.Id))
                return Admission.IdInUse;
            if (active.Count >= maxActive || running.Count >= 2 * maxActive)
                return Admission.TooMany;
            active.Add(operation.Id, operation);
            operation.IsActive = true;
            running.Add(operation);
            return Admission.Admitted;
        }
    }

    /// <summary>The client has stopped it. Its id is free from now on; an id that is not in use is ignored.</summary>
    public void Stop(string id)
    {
        SocketOperation? operation;
        lock (gate)
        {
            if (active.Remove(id, out operation))
                operation.IsActive = false;
        }
        operation?.Cancel();
    }

    /// <summary>Frees the id before the last message is sent, since the client may reuse it when it receives that message.</summary>
    /// <returns>False when the client has stopped the operation: no last message is sent.</returns>
    public bool Finish(SocketOperation operation)
    {
        lock (gate)
        {
            if (!operation.IsActive)
                return false;
            operation.IsActive = false;
            return active.Remove(operation.Id);
        }
    }

    public void Ended(SocketOperation operation)
    {
        lock (gate)
        {
            Finish(operation);
            running.Remove(operation);
            if (running.Count == 0)
                whenNoneRuns?.TrySetResult();
        }
    }

    /// <summary>Completes when no operation is running. Nothing may be admitted after this call.</summary>
    public Task WhenAllEndedAsync()
    {
        lock (gate)
        {
            whenNoneRuns = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (running.Count == 0)
                whenNoneRuns.SetResult();
            return whenNoneRuns.Task;
        }
    }
}
