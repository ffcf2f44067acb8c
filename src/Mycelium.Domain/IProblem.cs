namespace Mycelium.Domain;

/// <summary>The fields that every refusal has, so that a client can show refusals that did not exist when it was written.</summary>
public interface IProblem
{
    /// <summary>What went wrong and what to do next, for people to read.</summary>
    string Message { get; }

    /// <summary>The reason, for programs to act on. It never changes.</summary>
    ProblemCode Code { get; }
}
