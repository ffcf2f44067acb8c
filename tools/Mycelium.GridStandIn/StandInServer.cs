using Mycelium.GridStandIn.Faults;
using Mycelium.GridStandIn.Payouts;
using Mycelium.GridStandIn.Provisioner;

namespace Mycelium.GridStandIn;

/// <summary>The stand-in inside another process, on a free loopback port, for tests.</summary>
public sealed class StandInServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private StandInServer(WebApplication app) => this.app = app;

    public Uri BaseAddress => new(app.Urls.First());

    /// <summary>The address of one of the <see cref="StandInOptions.Grids"/>, counted from 1.</summary>
    public Uri GridAddress(int number) => new(BaseAddress, $"/grid/{number}/");

    /// <summary>The same faults that <c>POST /_faults</c> adds to.</summary>
    public FaultBoard Faults => app.Services.GetRequiredService<FaultBoard>();

    /// <summary>The address of the main grid's provisioner, if <see cref="StandInOptions.ProvisionerSecret"/> is set.</summary>
    public Uri ProvisionerAddress => new(BaseAddress, "/provisioner/");

    /// <summary>The machines of the provisioner.</summary>
    public MachineRegistry Machines => app.Services.GetRequiredService<MachineRegistry>();

    /// <summary>The payout sender, if <see cref="StandInOptions.PayoutSecret"/> is set.</summary>
    public PayoutSender Payouts => app.Services.GetRequiredService<PayoutSender>();

    public static async Task<StandInServer> StartAsync(StandInOptions? options = null)
    {
        WebApplication app = StandIn.CreateApp(["--urls", "http://127.0.0.1:0"], options ?? new StandInOptions());
        await app.StartAsync();
        return new StandInServer(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
