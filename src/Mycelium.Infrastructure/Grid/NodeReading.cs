using System.Text.Json;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Slices;

namespace Mycelium.Infrastructure.Grid;

/// <summary>A node's record, judged field by field and put into our words and units.</summary>
internal sealed class NodeReading(RawRecord record, GridMoment moment)
{
    public static readonly JsonCut.FieldNames Names = new(
        IdName, "farmId", "twinId", "country", "city", "uptime", "created", "updatedAt", "total_resources", "used_resources", "location", "status",
        "certificationType",
        "inDedicatedFarm", "rented", "rentContractId", "rentedByTwinId", "serialNumber", "num_gpu", "extraFee", "healthy", "speed", "gpus", "features");

    public const string IdName = "nodeId";
    private const long CoresMax = 65_536;
    private const long MemoryMax = 1L << 50;
    private const long DiskMax = 1L << 56;
    private const long UptimeMax = 100L * 366 * 86_400;
    private const int ListMax = 64;

    private NodeFacts unread;

    /// <exception cref="RejectedRecordException">The node's id is not one.</exception>
    public static NodeObservation Read(RawRecord record, GridMoment moment) => new NodeReading(record, moment).Read();

    /// <summary>Of two records of one node the first, in doubt where they contradict each other.</summary>
    public static NodeObservation Reconcile(NodeObservation first, NodeObservation second)
    {
        NodeFacts contradicted = first.Unread | second.Unread;
        if (first.FarmId != second.FarmId)
            contradicted |= NodeFacts.Farm;
        if (first.Status != second.Status)
            contradicted |= NodeFacts.Status;
        if (first.Total != second.Total)
            contradicted |= NodeFacts.Total;
        if (first.Used != second.Used)
            contradicted |= NodeFacts.Used;
        if (first.IsRentedOnGrid != second.IsRentedOnGrid || first.RentedByTwinId != second.RentedByTwinId)
            contradicted |= NodeFacts.GridRental;
        return first with { Unread = first.Unread | (contradicted & NodeFacts.State) };
    }

    private NodeObservation Read()
    {
        long id = Believable.Id(record.Value(IdName));
        IReadOnlyList<Gpu> gpus = Take(NodeFacts.Gpus, "gpus", value => Believable.List(value, ListMax, ReadGpu)) ?? [];
        long gpuCount = Take(NodeFacts.GpuCount, "num_gpu", value => Believable.IsMissing(value) ? 0 : Believable.Amount(value, ListMax));
        if (gpus.Count > 0)
            unread &= ~NodeFacts.GpuCount; // The list says it.
        long? renter = Take(NodeFacts.GridRental, "rentedByTwinId", Believable.IdOrNone);
        bool isRented = Take(NodeFacts.GridRental, "rented", Believable.Flag) | Take(NodeFacts.GridRental, "rentContractId", IsContract) | renter is not null;
        return new NodeObservation
        {
            Id = NodeId.Of(moment.Grid.Number, id),
            Grid = moment.Grid.Name,
            FarmId = Take(NodeFacts.Farm, "farmId", value => FarmId.Of(moment.Grid.Number, Believable.Id(value))),
            TwinId = Take(NodeFacts.Twin, "twinId", Believable.Id),
            Status = Take(NodeFacts.Status, "status", Believable.Word<NodeStatus>),
            Total = ReadCapacity(NodeFacts.Total, "total_resources"),
            Used = ReadCapacity(NodeFacts.Used, "used_resources"),
            Place = ReadPlace(),
            Certification = Take(NodeFacts.Certification, "certificationType", Believable.Word<NodeCertification>),
            IsDedicated = ReadDedication(),
            RentedByTwinId = renter,
            IsRentedOnGrid = isRented,
            IsHealthy = Take(NodeFacts.Health, "healthy", Believable.Flag),
            GpuCount = (int)Math.Max(gpuCount, gpus.Count), // A grid counts cards and lists them at different times; a card that is listed is there.
            Gpus = gpus,
            Features = Take(NodeFacts.Features, "features", value => Believable.List(value, ListMax, Believable.RequiredText)) ?? [],
            UploadMbps = Take(NodeFacts.Upload, "speed.upload", Believable.Megabits),
            DownloadMbps = Take(NodeFacts.Download, "speed.download", Believable.Megabits),
            UptimeSeconds = Take(NodeFacts.Uptime, "uptime", value => Believable.IsMissing(value) ? 0 : Believable.Amount(value, UptimeMax)),
            SerialNumber = Take(NodeFacts.SerialNumber, "serialNumber", Believable.Text),
            GridCreatedAt = Take(NodeFacts.Created, "created", value => Believable.InstantIfKnown(value, moment.At)),
            LastReportAt = Take(NodeFacts.LastReport, "updatedAt", value => Believable.Instant(value, moment.At)),
            ObservedAt = moment.At,
            SyncSequence = moment.Sequence,
            Unread = unread,
        };
    }

    private Capacity ReadCapacity(NodeFacts fact, string field) => new(
        (int)Take(fact, $"{field}.cru", value => Believable.Amount(value, CoresMax)),
        Take(fact, $"{field}.mru", value => Believable.Amount(value, MemoryMax)),
        Take(fact, $"{field}.sru", value => Believable.Amount(value, DiskMax)),
        Take(fact, $"{field}.hru", value => Believable.Amount(value, DiskMax)));

    private NodePlace ReadPlace() => new(
        ReadPlaceName(NodeFacts.Country, "country"),
        ReadPlaceName(NodeFacts.City, "city"),
        Take(NodeFacts.Coordinates, "location.latitude", value => Believable.Degrees(value, 90)),
        Take(NodeFacts.Coordinates, "location.longitude", value => Believable.Degrees(value, 180)));

    /// <summary>The grid writes it twice; either will do.</summary>
    private string? ReadPlaceName(NodeFacts fact, string field)
    {
        bool isInnerRead = true;
        string? name = record.Read(field, isState: false, out bool isRead, Believable.Text)
            ?? record.Read($"location.{field}", isState: false, out isInnerRead, Believable.Text);
        if (name is null && !(isRead && isInnerRead))
            unread |= fact;
        if (name is not null && fact == NodeFacts.Country && Countries.Find(name) is null)
            record.Note(field, GridFlawReason.UnknownCountry);
        return name;
    }

    /// <summary>
    /// The grid calls every unused node "dedicated"; these two are rented as a whole or not at all. When one of them cannot be believed, the
    /// other decides alone.
    /// </summary>
    private bool ReadDedication()
    {
        bool isInFarm = record.Read("inDedicatedFarm", isState: false, out bool isFarmRead, Believable.Flag);
        bool hasFee = record.Read("extraFee", isState: false, out bool isFeeRead, Believable.IsFee);
        if (!isInFarm && !hasFee && !(isFarmRead && isFeeRead))
            unread |= NodeFacts.Dedication;
        return isInFarm || hasFee;
    }

    private T? Take<T>(NodeFacts fact, string field, Func<JsonElement, T> judge)
    {
        T? value = record.Read(field, (fact & NodeFacts.State) != 0, out bool isRead, judge);
        if (!isRead)
            unread |= fact;
        return value;
    }

    private static bool IsContract(JsonElement value) => !Believable.IsMissing(value) && Believable.Amount(value, long.MaxValue) > 0;

    private static Gpu ReadGpu(JsonElement card) => new(
        Believable.RequiredText(Believable.Field(card, "id")), Believable.Text(Believable.Field(card, "vendor")) ?? "",
        Believable.Text(Believable.Field(card, "device")) ?? "");
}
