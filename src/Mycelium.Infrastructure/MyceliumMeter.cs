using System.Diagnostics.Metrics;

namespace Mycelium.Infrastructure;

/// <summary>
/// The meter of everything that Mycelium measures itself; the engine has its own. docs/operations.md lists the instruments of both. The meter belongs to the
/// host's factory: if a service disposed of it, it would end before the exporter collects for the last time.
/// </summary>
public static class MyceliumMeter
{
    public const string Name = "Mycelium";

    public static Meter CreateMycelium(this IMeterFactory meters) => meters.Create(Name);
}
