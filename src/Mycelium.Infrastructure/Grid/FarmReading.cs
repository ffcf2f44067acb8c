using Mycelium.Domain.Farms;

namespace Mycelium.Infrastructure.Grid;

/// <summary>A farm's record, judged and put into our words.</summary>
internal static class FarmReading
{
    private const int IpCountMax = 65_536;

    public static FarmObservation Read(GridProxyFarm raw, GridMoment moment)
    {
        IReadOnlyList<GridProxyIp> ips = Believable.Few(raw.PublicIps, IpCountMax);
        return new FarmObservation(
            FarmId.Of(moment.Grid.Number, Believable.Id(raw.FarmId)),
            Believable.Text(raw.Name) ?? throw new RejectedRecordException(RejectionReason.Incomplete),
            Believable.Id(raw.TwinId),
            Believable.Word<FarmCertification>(raw.CertificationType),
            raw.Dedicated == true,
            ips.Count,
            ips.Count(ip => ip.ContractId is null or 0),
            Believable.Text(raw.StellarAddress),
            moment.At,
            moment.Grid.Name);
    }
}
