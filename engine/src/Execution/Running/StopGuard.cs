namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>While an execution waits: when time is up, its resolvers are cancelled, and abandoned if they do not stop.</summary>
internal sealed class StopGuard : IDisposable
{
    private readonly RequestState request;
    private readonly CancellationTokenRegistration registration;
    private ITimer? patience;

    public StopGuard(RequestState request)
    {
        this.request = request;
        registration = request.Deadline.Token.UnsafeRegister(static guard => ((StopGuard)guard!).Stop(), this);
    }

    public void Dispose()
    {
        registration.Dispose();
        patience?.Dispose();
    }

    private void Stop()
    {
        patience = request.Engine.Clock.CreateTimer(
            static loop => ((RunLoop)loop!).Abort(isAbandoned: true), request.Loop, request.Engine.Options.StopTimeout, Timeout.InfiniteTimeSpan);
        request.Loop.Abort(isAbandoned: false);
    }
}
