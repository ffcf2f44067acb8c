using System.Text;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Provisioning;

namespace Mycelium.Infrastructure.Payouts;

/// <summary>Who pays farmers out: section <c>Payouts</c>. Without a <see cref="BaseUrl"/> nothing can be withdrawn.</summary>
public sealed class PayoutOptions
{
    public const string Section = "Payouts";

    private const string Protocol = "mycelium-payouts-v1";

    /// <summary>The address of the payout sender (<c>docs/payouts.md</c>).</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>What both sides sign with, at least 32 characters, made at random. Never in a log.</summary>
    public string Secret { get; set; } = "";

    /// <summary>The secret's name.</summary>
    public string KeyId { get; set; } = "mycelium";

    /// <summary>The smallest withdrawal, in dollars.</summary>
    public decimal AmountMin { get; set; } = 1m;

    /// <summary>How often a replica looks for withdrawals that are due.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>From one look at a withdrawal that is on its way to the next, and after a failure; it doubles up to <see cref="RetryDelayMax"/>.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long one request may take.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a replica may work on a withdrawal before another does.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(2);

    public bool IsSet => BaseUrl.Length > 0;

    internal MicroUsd Min => MicroUsd.From((long)(AmountMin * 1_000_000m));

    internal ProvisionerKey Key => new(KeyId, Encoding.UTF8.GetBytes(Secret), Protocol);
}
