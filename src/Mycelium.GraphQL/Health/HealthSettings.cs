namespace Mycelium.GraphQL.Health;

/// <summary>Where the full health report is served: section <c>Health</c>. Operators can read it on any port.</summary>
public sealed class HealthSettings
{
    public const string Section = "Health";

    /// <summary>A separate port that serves the full report at <c>/health/…</c>, and nothing else. None by default.</summary>
    public int ManagementPort { get; set; }

    /// <summary>The address that this port listens on; by default only this machine. It must never be reachable from the public network.</summary>
    public string ManagementAddress { get; set; } = "127.0.0.1";
}
