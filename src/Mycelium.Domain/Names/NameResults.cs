using Mycelium.Domain.Rentals;

namespace Mycelium.Domain.Names;

/// <summary>The possible results of reserving a name.</summary>
public interface IReserveNameResult;

/// <summary>The possible results of leading a name to another rental.</summary>
public interface IPointNameResult;

/// <summary>The possible results of releasing a name.</summary>
public interface IReleaseNameResult;

/// <summary>The name is the caller's, and leads to the rental as soon as the gateway knows it.</summary>
public sealed record NameReserved(ReservedName Name) : IReserveNameResult;

/// <summary>The name leads to the rental as soon as the gateway knows it.</summary>
public sealed record NamePointed(ReservedName Name) : IPointNameResult;

/// <summary>Others may reserve the name.</summary>
public sealed record NameReleased(ReservedName Name) : IReleaseNameResult;

/// <summary>The text is not a name of a gateway.</summary>
public sealed record InvalidName(string Name) : IReserveNameResult, IProblem
{
    public int LengthMin { get; } = ReservedName.LengthMin;
    public int LengthMax { get; } = ReservedName.LengthMax;
    public string Message => $"A name has {LengthMin} to {LengthMax} of the characters a-z, 0-9 and -, and none of the latter at its ends.";
    public ProblemCode Code => ProblemCode.InvalidName;
}

/// <summary>Somebody holds the name on this grid.</summary>
public sealed record NameTaken(string Name, string Grid) : IReserveNameResult, IProblem
{
    public string Message => $"The name {Name} is taken on the grid {Grid}. Choose another one.";
    public ProblemCode Code => ProblemCode.NameTaken;
}

/// <summary>The account holds as many names as it may.</summary>
public sealed record NameLimitReached(int Max) : IReserveNameResult, IProblem
{
    public string Message => $"An account can hold {Max} names. Release one first.";
    public ProblemCode Code => ProblemCode.NameLimitReached;
}

/// <summary>The caller holds no name with this ID.</summary>
public sealed record NameNotFound(ReservedNameId NameId) : IPointNameResult, IReleaseNameResult, IProblem
{
    public string Message => "You hold no name with this ID.";
    public ProblemCode Code => ProblemCode.NameNotFound;
}

/// <summary>A name leads to rentals on its own grid alone.</summary>
public sealed record RentalOnOtherGrid(RentalId RentalId, string Grid) : IReserveNameResult, IPointNameResult, IProblem
{
    public string Message => $"The rental is on the grid {Grid}. A name leads to rentals on its own grid.";
    public ProblemCode Code => ProblemCode.RentalOnOtherGrid;
}
