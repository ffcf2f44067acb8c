using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Slices;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>Turns what a provisioner sent into what we believe of it, or says which field cannot be believed.</summary>
internal static class MachineReading
{
    /// <summary>A thousand of the largest nodes: no sum of plausible values overflows.</summary>
    private const long BytesMax = 1L << 50;

    private const int CoresMax = 1 << 20;
    private const long MeterMax = 1L << 40;

    public static T Read<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, type) ?? throw Unbelievable("null");
        }
        catch (JsonException wrong)
        {
            throw new ProvisionerException(ProvisionerFailure.NotUnderstood, $"The provisioner's answer is not JSON of the right shape at {wrong.Path}.");
        }
    }

    /// <param name="machine">As it was sent.</param>
    /// <param name="id">The rental that was asked for; null to accept any.</param>
    public static (RentalId Id, MachineReport Report) Machine(MachineJson machine, RentalId? id)
    {
        if (machine.RentalId is not { } rental || (id is { } asked && asked.Value != rental))
            throw Unbelievable("rentalId");
        if (machine.Version is not (>= 1 and < long.MaxValue))
            throw Unbelievable("version");
        MachineReportState state = machine.State switch
        {
            "CREATING" => MachineReportState.Creating,
            "READY" => MachineReportState.Ready,
            "FAILED" => MachineReportState.Failed,
            "DELETING" => MachineReportState.Deleting,
            "GONE" => MachineReportState.Gone,
            _ => throw Unbelievable("state"),
        };
        MachineAccess? access = null;
        if (state == MachineReportState.Ready && !MachineAccess.TryCreate(
            machine.Host, machine.Port, machine.User, machine.HostKeys, machine.Instructions, machine.ConsoleUrl, out access, out string? flaw))
            throw Unbelievable(flaw);
        return (new RentalId(rental), new MachineReport(
            machine.Version.Value, state, state == MachineReportState.Failed ? Sentence(machine.Reason) ?? "The provisioner gave no reason." : null,
            access, Use(machine.Used), Meters(machine.Meters)));
    }

    public static MachineImage Image(ImageJson? image) =>
        image is not null && ImageId.TryParse(image.Id, out ImageId? id) && Text(image.Name, MachineImage.NameLengthMax) is { Length: > 0 } name
            ? new MachineImage(id, name, Text(image.Description, MachineImage.DescriptionLengthMax) ?? "")
            : throw Unbelievable("images");

    /// <summary>One line of printable text, cut where it is too long; null if there is none.</summary>
    public static string? Sentence(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        string line = new([.. text.Take(MachineReport.ReasonLengthMax).Select(character => char.IsControl(character) ? ' ' : character)]);
        return char.IsHighSurrogate(line[^1]) ? line[..^1] : line;
    }

    private static string? Text(string? text, int lengthMax) =>
        text is null || (text.Length <= lengthMax && !text.Any(char.IsControl)) ? text?.Trim() : throw Unbelievable("images");

    private static MachineUse? Use(UseJson? use)
    {
        if (use?.DeployedAt is not { } deployedAt)
            return null;
        if (use is not { Cores: >= 0 and <= CoresMax, MemoryBytes: >= 0 and <= BytesMax, SsdBytes: >= 0 and <= BytesMax })
            throw Unbelievable("used");
        return new MachineUse(new Capacity(use.Cores.Value, use.MemoryBytes.Value, use.SsdBytes.Value, 0), deployedAt.ToUniversalTime());
    }

    private static MachineMeters Meters(MetersJson? meters) => meters switch
    {
        null => MachineMeters.None,
        { PublicIpCount: null or (>= 0 and <= 1_024), PublicIpHours: null or (>= 0 and <= MeterMax), TrafficGib: null or (>= 0 and <= MeterMax) } =>
            new MachineMeters(meters.PublicIpCount ?? 0, meters.PublicIpHours ?? 0, meters.TrafficGib ?? 0),
        _ => throw Unbelievable("meters"),
    };

    private static ProvisionerException Unbelievable(string field) =>
        new(ProvisionerFailure.NotUnderstood, $"The provisioner's answer cannot be believed: {field}.");
}
