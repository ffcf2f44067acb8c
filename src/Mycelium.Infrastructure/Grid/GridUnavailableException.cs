namespace Mycelium.Infrastructure.Grid;

/// <summary>The grid did not answer, or its answer as a whole cannot be believed. What we know stays as it is, and ages.</summary>
public sealed class GridUnavailableException(GridFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    public GridFailure Failure { get; } = failure;
}

/// <summary>What went wrong with a whole answer.</summary>
public enum GridFailure
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>Took longer than an attempt may.</summary>
    TimedOut,

    /// <summary>Answered with a status that is not success.</summary>
    Refused,

    /// <summary>The answer is longer than an answer may be.</summary>
    TooLarge,

    /// <summary>The answer is not JSON of the right shape.</summary>
    NotUnderstood,

    /// <summary>Too many requests have failed lately, so that none is sent for a while.</summary>
    LeftAlone,
}
