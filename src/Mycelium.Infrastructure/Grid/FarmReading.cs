using System.Text.Json;
using Mycelium.Domain.Farms;

namespace Mycelium.Infrastructure.Grid;

/// <summary>A farm's record, judged field by field and put into our words.</summary>
internal sealed class FarmReading(RawRecord record, GridMoment moment)
{
    public static readonly JsonCut.FieldNames Names = new(IdName, "name", "twinId", "certificationType", "stellarAddress", "dedicated", "publicIps");
    public const string IdName = "farmId";
    private const int IpCountMax = 65_536;

    private FarmFacts unread;

    /// <exception cref="RejectedRecordException">The farm's id is not one.</exception>
    public static FarmObservation Read(RawRecord record, GridMoment moment) => new FarmReading(record, moment).Read();

    /// <summary>Of two records of one farm the first, in doubt where they name different owners.</summary>
    public static FarmObservation Reconcile(FarmObservation first, FarmObservation second) =>
        first.TwinId == second.TwinId && !second.IsDoubtful ? first : first with { Unread = first.Unread | FarmFacts.Twin };

    private FarmObservation Read()
    {
        long id = Believable.Id(record.Value(IdName));
        string name = Take(FarmFacts.Name, "name", Believable.RequiredText) ?? "";
        long twin = Take(FarmFacts.Twin, "twinId", Believable.Id);
        FarmCertification certification = Take(FarmFacts.Certification, "certificationType", Believable.Word<FarmCertification>);
        bool isDedicated = Take(FarmFacts.Dedication, "dedicated", Believable.Flag);
        IReadOnlyList<bool> ips = Take(FarmFacts.PublicIps, "publicIps", value => Believable.List(value, IpCountMax, IsFree)) ?? [];
        string? address = Take(FarmFacts.StellarAddress, "stellarAddress", Believable.Text);
        return new FarmObservation(
            FarmId.Of(moment.Grid.Number, id), name, twin, certification, isDedicated, ips.Count, ips.Count(isFree => isFree), address, moment.At,
            moment.Grid.Name)
        {
            Unread = unread,
        };
    }

    private T? Take<T>(FarmFacts fact, string field, Func<JsonElement, T> judge)
    {
        T? value = record.Read(field, fact == FarmFacts.Twin, out bool isRead, judge);
        if (!isRead)
            unread |= fact;
        return value;
    }

    /// <summary>0 when the address is free.</summary>
    private static bool IsFree(JsonElement ip) =>
        Believable.Field(ip, "contract_id") is var contract && (Believable.IsMissing(contract) || Believable.Required(contract) == 0);
}
