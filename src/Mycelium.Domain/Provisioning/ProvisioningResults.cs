using Mycelium.Domain.Names;
using Mycelium.Domain.Rentals;

namespace Mycelium.Domain.Provisioning;

/// <summary>The possible results of trying again to make a rental's machine.</summary>
public interface IRetryProvisioningResult;

/// <summary>The possible results of rebuilding a rental's machine.</summary>
public interface IRebuildRentalResult;

/// <summary>The machine is ordered again.</summary>
public sealed record ProvisioningRetried(Rental Rental) : IRetryProvisioningResult;

/// <summary>The machine is being rebuilt.</summary>
public sealed record RentalRebuilding(Rental Rental) : IRebuildRentalResult;

/// <summary>The machine is ready; there is nothing to retry.</summary>
public sealed record MachineIsReady(RentalId RentalId) : IRetryProvisioningResult, IProblem
{
    public string Message => "The machine is ready. To start over, use rebuildRental.";
    public ProblemCode Code => ProblemCode.MachineIsReady;
}

/// <summary>The rental has no machine: its grid sells slices without machines.</summary>
public sealed record RentalHasNoMachine(RentalId RentalId) : IRetryProvisioningResult, IRebuildRentalResult, IPlaceMachineResult, IProblem
{
    public string Message =>
        "This grid sells slices without machines, which you deploy on yourself; or the rental is of a whole node, on which you place machines.";

    public ProblemCode Code => ProblemCode.RentalHasNoMachine;
}

/// <summary>The grid has no image with this ID. The query <c>images</c> lists them.</summary>
public sealed record ImageNotFound(string Image) : IRebuildRentalResult, IRentSlicesResult, IPlaceMachineResult, IProblem
{
    public string Message => "The grid has no such image. The query images lists them.";
    public ProblemCode Code => ProblemCode.ImageNotFound;
}

/// <summary>The operator of this market has connected no provisioner to the grid, so that nothing can be rented there yet.</summary>
public sealed record GridHasNoProvisioner(string Grid)
    : IRentSlicesResult, IReserveSlicesResult, IReserveNameResult, IMoveRentalResult, IRentNodeResult, IProblem
{
    public string Message => $"Nothing can be rented on the grid {Grid} yet: nobody makes machines there.";
    public ProblemCode Code => ProblemCode.GridHasNoProvisioner;
}
