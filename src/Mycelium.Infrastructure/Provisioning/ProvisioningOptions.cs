namespace Mycelium.Infrastructure.Provisioning;

/// <summary>How patiently provisioners are used: section <c>Provisioning</c>, for all of them. Where they are is in <see cref="Provisioners"/>.</summary>
public sealed class ProvisioningOptions
{
    public const string Section = "Provisioning";

    /// <summary>How often a replica looks for machines that are due.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Machines that a replica works on at the same time. Each is one request; none holds a connection to PostgreSQL while it waits.</summary>
    public int MachinesAtOnce { get; set; } = 8;

    /// <summary>How long a replica may work on a machine before another takes it over; longer than its requests may take.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>From one look at a machine that is being made to the next; it doubles from there, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest time between two attempts.</summary>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often machines that are ready are read: their meters, and whether they still exist.</summary>
    public TimeSpan StatusInterval { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How often all machines of a grid are compared with its rentals.</summary>
    public TimeSpan CompareInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>A machine without a rental is deleted when two comparisons that are at least this far apart have found it.</summary>
    public TimeSpan StrayAge { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long one request may take, including reading the response.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a list of images is used before it is read again. While its provisioner does not answer, the old one stays in use.</summary>
    public TimeSpan ImagesAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Where half of at least this many requests within 30 s fail, the provisioner gets no requests for <see cref="BreakTime"/>.</summary>
    public int BreakerRequestsMin { get; set; } = 8;

    public TimeSpan BreakTime { get; set; } = TimeSpan.FromSeconds(15);
}
