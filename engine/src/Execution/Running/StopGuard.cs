namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>While an execution waits: when its time is over, its resolvers are told to stop, and those that do not are left behind.</summary>
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
