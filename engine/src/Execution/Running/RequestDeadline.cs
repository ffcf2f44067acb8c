namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// When an execution has to end: the client has disconnected, or time is up. Timer and token are created when the token is first requested, so that a
/// response that never waits does not pay for them.
/// </summary>
internal sealed class RequestDeadline(TimeSpan timeout, TimeProvider clock, CancellationToken request) : IDisposable
{
    private readonly Lock gate = new();
    private readonly long startedAt = clock.GetTimestamp();
    private CancellationTokenSource? source;
    private CancellationToken token;
    private CancellationTokenRegistration registration;

    public CancellationToken Token
    {
        get
        {
            lock (gate)
            {
                if (source is null)
                    Start();
                return token;
            }
        }
    }

    public CancellationToken Request => request;

    public bool IsPassed => request.IsCancellationRequested || source is { IsCancellationRequested: true } || Remaining <= TimeSpan.Zero;

    /// <exception cref="OperationCanceledException">The execution has to end.</exception>
    public void ThrowIfPassed()
    {
        if (IsPassed)
            throw new OperationCanceledException(request);
    }

    /// <summary>Ends the execution now: the token is cancelled.</summary>
    public void End()
    {
        _ = Token;
        try
        {
            source!.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
    }

    public void Dispose()
    {
        registration.Dispose();
        source?.Dispose();
    }

    private TimeSpan Remaining => timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : timeout - clock.GetElapsedTime(startedAt);

    private void Start()
    {
        source = timeout == Timeout.InfiniteTimeSpan
            ? new CancellationTokenSource()
            : new CancellationTokenSource(Remaining > TimeSpan.Zero ? Remaining : TimeSpan.Zero, clock);
        token = source.Token; // Kept: an abandoned resolver may request it after the source is disposed.
        registration = request.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
    }
}
