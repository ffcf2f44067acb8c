using Mycelium.GridStandIn.Faults;

namespace Mycelium.GridStandIn.Provisioner;

/// <summary>What the active faults do to one request to the provisioner.</summary>
internal sealed class ProvisionerFaults(IReadOnlyList<Fault> faults)
{
    /// <summary>Values of <see cref="Fault.Provisioner"/>.</summary>
    public static readonly IReadOnlyList<string> Kinds =
        ["never-ready", "fails", "forgets", "wrong-host-keys", "bad-host-keys", "bad-host", "unsigned", "wrong-signature", "late"];

    private static readonly string[] signatures = ["unsigned", "wrong-signature", "late"];

    public static ProvisionerFaults Of(HttpContext context) => context.Features.Get<ProvisionerFaults>() ?? new ProvisionerFaults([]);

    /// <summary>What is wrong with the signature; null if nothing is.</summary>
    public string? Signature => faults.Select(fault => fault.Provisioner).LastOrDefault(kind => signatures.Contains(kind));

    public bool Has(string kind) => faults.Any(fault => fault.Provisioner == kind);
}
