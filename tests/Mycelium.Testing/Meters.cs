using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Mycelium.Testing;

/// <summary>Meters for objects that a test creates without a container.</summary>
public static class Meters
{
    public static IMeterFactory Factory { get; } = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
}
