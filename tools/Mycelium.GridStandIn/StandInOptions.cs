using System.Globalization;

namespace Mycelium.GridStandIn;

/// <summary>Which fleet to serve. The same options produce the same bytes.</summary>
public sealed record StandInOptions
{
    /// <summary>The fixed instant of the fleet, unless it runs with the clock.</summary>
    public static readonly DateTimeOffset DefaultNow = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many nodes there are, including the three real ones: 3 to 1 000 000.</summary>
    public int Nodes { get; init; } = 2_000;

    /// <summary>How many farms there are, including the real one: 1 to 1 000 000.</summary>
    public int Farms { get; init; } = 200;

    public long Seed { get; init; } = 1;

    /// <summary>
    /// How many grids there are, in addition to the one at the root: each under <c>/grid/{n}/</c>, n from 1, and all with the same fleet. 0 to 10 000.
    /// </summary>
    public int Grids { get; init; }

    /// <summary>
    /// The clock of the grid. Reports, uptimes and GPU checks are relative to it, so that an "up" node has always reported within
    /// the last 40 minutes. A fixed clock always produces the same bytes; <c>--now clock</c> uses the machine's clock.
    /// </summary>
    public TimeProvider Clock { get; init; } = new StandingClock(DefaultNow);

    /// <summary>What requests to the provisioner are signed with; null for a stand-in without one.</summary>
    public string? ProvisionerSecret { get; init; }

    /// <summary>The name of the secret.</summary>
    public string ProvisionerKeyId { get; init; } = "mycelium";

    /// <summary>How long a machine takes before its SSH server starts.</summary>
    public TimeSpan MachineDelay { get; init; }

    /// <summary>How many machines there can be at a time: each is an SSH server of about 6 MB. 1 to 200.</summary>
    public int MachineMax { get; init; } = 32;

    /// <summary>Where machines have their files; null for a new folder among the temporary ones. Deleted at the end.</summary>
    public string? MachineFolder { get; init; }

    /// <summary>Where events of payments are posted; null for a stand-in without payments. A test may name its replica later.</summary>
    public Uri? PaymentWebhook { get; set; }

    /// <summary>What these events are signed with.</summary>
    public string? PaymentSecret { get; init; }

    /// <summary>What requests to the payout sender are signed with; null for a stand-in without one.</summary>
    public string? PayoutSecret { get; init; }

    /// <summary>A file with all payouts, one a line, written before a request is answered; null for a sender that forgets when it ends.</summary>
    public string? PayoutRecord { get; init; }

    /// <summary>What becomes of new payouts: <c>paid</c>, <c>failed</c> or <c>pending</c>.</summary>
    public string PayoutOutcome { get; init; } = "paid";

    public static StandInOptions From(IConfiguration configuration) => new()
    {
        Nodes = Whole(configuration["nodes"], 2_000, min: 3, "nodes"),
        Farms = Whole(configuration["farms"], 200, min: 1, "farms"),
        Grids = Whole(configuration["grids"], 0, min: 0, "grids", max: 10_000),
        Seed = long.Parse(configuration["seed"] ?? "1", CultureInfo.InvariantCulture),
        ProvisionerSecret = configuration["provisioner-secret"] is { } file ? File.ReadAllText(file).Trim() : null,
        ProvisionerKeyId = configuration["provisioner-key"] ?? "mycelium",
        MachineDelay = TimeSpan.FromSeconds(Whole(configuration["machine-delay"], 0, min: 0, "machine-delay", max: 3_600)),
        MachineMax = Whole(configuration["machines"], 32, min: 1, "machines", max: 200),
        MachineFolder = configuration["machine-folder"],
        PaymentWebhook = configuration["payment-webhook"] is { } webhook ? new Uri(webhook) : null,
        PaymentSecret = configuration["payment-secret"] is { } signing ? File.ReadAllText(signing).Trim() : null,
        PayoutSecret = configuration["payout-secret"] is { } paying ? File.ReadAllText(paying).Trim() : null,
        PayoutRecord = configuration["payout-record"],
        PayoutOutcome = configuration["payout-outcome"] ?? "paid",
        Clock = configuration["now"] switch
        {
            null => new StandingClock(DefaultNow),
            "clock" => TimeProvider.System,
            string instant => new StandingClock(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)),
        },
    };

    private static int Whole(string? text, int otherwise, int min, string name, int max = 1_000_000)
    {
        int value = text is null ? otherwise : int.Parse(text, CultureInfo.InvariantCulture);
        return value >= min && value <= max ? value : throw new ArgumentOutOfRangeException(name, value, $"--{name} must be {min} to {max}.");
    }

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
