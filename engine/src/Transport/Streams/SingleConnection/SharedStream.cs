using System.Security.Claims;
using System.Security.Cryptography;

namespace Mycelium.GraphQL.Engine.Transport.Streams.SingleConnection;

internal enum Admission { Admitted, IdInUse, TooMany, Closed }

/// <summary>
/// A stream that one viewer has reserved, and its operations. They may start before the stream is open: their results wait for it, and end with the
/// reservation when nobody opens it.
/// </summary>
internal sealed class SharedStream : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SharedOperation> operations = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource closed = new();
    private readonly TaskCompletionSource<StreamBody> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDisposable place;
    private readonly int maxOperations;
    private ITimer? timer;
    private int runningCount;
    private bool isClaimed;
    private bool isClosed;

    /// <param name="owner">The account or address that reserved it.</param>
    /// <param name="viewer">The same, with everything known about them.</param>
    /// <param name="expiresAt">When the owner's rights expire.</param>
    /// <param name="place">Taken until the stream is closed.</param>
    /// <param name="maxOperations">The maximum number at the same time.</param>
    public SharedStream(StreamOwner owner, ClaimsPrincipal viewer, DateTimeOffset? expiresAt, IDisposable place, int maxOperations)
    {
        Owner = owner;
        Viewer = viewer;
        ExpiresAt = expiresAt;
        Closed = closed.Token;
        this.place = place;
        this.maxOperations = maxOperations;
    }

    /// <summary>What the client sends to use the stream: 128 random bits.</summary>
    public string Token { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public StreamOwner Owner { get; }

    public ClaimsPrincipal Viewer { get; }

    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>Cancelled when nothing can be sent any more.</summary>
    public CancellationToken Closed { get; }

    /// <summary>The connection, once there is one.</summary>
    public Task<StreamBody> Opened => opened.Task;

    /// <summary>Calls back unless the stream is claimed by then.</summary>
    public void ExpireAfter(TimeSpan time, TimeProvider clock, Action<SharedStream> expired)
    {
        ITimer made = clock.CreateTimer(
            _ =>
            {
                if (TryClaim())
                    expired(this);
            },
            null,
            time,
            Timeout.InfiniteTimeSpan);
        lock (gate)
        {
            timer = made;
            if (isClaimed)
                made.Dispose();
        }
    }

    /// <returns>False when it has already been claimed, or is closed.</returns>
    public bool TryClaim()
    {
        lock (gate)
        {
            if (isClaimed || isClosed)
                return false;
            timer?.Dispose();
            return isClaimed = true;
        }
    }

    public void Open(StreamBody body) => opened.TrySetResult(body);

    public Admission Admit(SharedOperation operation)
    {
        lock (gate)
        {
            if (isClosed)
                return Admission.Closed;
            if (operations.ContainsKey(operation.Id))
                return Admission.IdInUse;
            // As many again may be ending: a client that replaces all operations at once is fine, one that keeps starting and stopping is not.
            if (operations.Count >= maxOperations || runningCount >= 2 * maxOperations)
                return Admission.TooMany;
            operations.Add(operation.Id, operation);
            runningCount++;
            return Admission.Admitted;
        }
    }

    /// <summary>The client has stopped it. An id that is not in use is ignored: the operation may just have ended.</summary>
    public void Stop(string id)
    {
        SharedOperation? operation;
        lock (gate)
            operations.TryGetValue(id, out operation);
        operation?.Stop();
    }

    /// <summary>Frees the id of an operation.</summary>
    public void Release(SharedOperation operation)
    {
        lock (gate)
        {
            if (operations.GetValueOrDefault(operation.Id) == operation)
                operations.Remove(operation.Id);
        }
    }

    /// <summary>Every operation that was admitted ends here.</summary>
    public void Ended(SharedOperation operation)
    {
        lock (gate)
        {
            Release(operation);
            runningCount--;
            if (isClosed && runningCount == 0)
                allEnded.TrySetResult();
        }
    }

    /// <summary>Stops all operations. Completes when they have ended.</summary>
    public async Task CloseAsync()
    {
        bool isFirst;
        lock (gate)
        {
            isFirst = !isClosed;
            isClosed = true;
            timer?.Dispose();
            if (runningCount == 0)
                allEnded.TrySetResult();
        }
        if (isFirst)
        {
            opened.TrySetCanceled(CancellationToken.None);
            place.Dispose();
            await closed.CancelAsync();
        }
        await allEnded.Task;
        Dispose();
    }

    public void Dispose() => closed.Dispose();
}
