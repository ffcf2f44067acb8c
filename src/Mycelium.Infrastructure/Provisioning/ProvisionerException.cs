namespace Mycelium.Infrastructure.Provisioning;

/// <summary>The provisioner did not answer, or its answer cannot be believed. The message names no value that it sent.</summary>
public sealed class ProvisionerException(ProvisionerFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    public ProvisionerFailure Failure { get; } = failure;
}

/// <summary>The provisioner understood the request and refuses it: another image or node is needed.</summary>
/// <param name="reason">For the renter; at most <see cref="Domain.Provisioning.MachineReport.ReasonLengthMax"/> characters.</param>
public sealed class ProvisionerRefusedException(string reason) : Exception(reason);

/// <summary>What went wrong with a whole answer.</summary>
public enum ProvisionerFailure
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>Took longer than a request may.</summary>
    TimedOut,

    /// <summary>Answered with a status that promises nothing, such as 500.</summary>
    Unavailable,

    /// <summary>The answer is longer than an answer may be.</summary>
    TooLarge,

    /// <summary>The answer has no valid signature, or one of another time.</summary>
    NotSigned,

    /// <summary>The answer is signed, and not what the protocol allows.</summary>
    NotUnderstood,

    /// <summary>It refuses our signature: keys or clocks differ.</summary>
    NotAccepted,

    /// <summary>Too many requests have failed lately, so that none is sent for a while.</summary>
    LeftAlone,
}
