namespace Mycelium.GraphQL.Health;

/// <summary>Where health is shown in full: section <c>Health</c>. Operators see it anywhere.</summary>
public sealed class HealthSettings
{
    public const string Section = "Health";

    /// <summary>A port of its own, where <c>/health/…</c> is served in full and nothing else is. None by default.</summary>
    public int ManagementPort { get; set; }

    /// <summary>The address that this port listens on: this machine alone by default. Never let the public network reach it.</summary>
    public string ManagementAddress { get; set; } = "127.0.0.1";
}
