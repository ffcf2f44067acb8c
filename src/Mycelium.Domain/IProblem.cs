namespace Mycelium.Domain;

/// <summary>What every refusal shares, so that a client can show one that was invented after it was written.</summary>
public interface IProblem
{
    /// <summary>What prevented it and what to do next, for people.</summary>
    string Message { get; }

    /// <summary>The same for programs; stable.</summary>
    ProblemCode Code { get; }
}
