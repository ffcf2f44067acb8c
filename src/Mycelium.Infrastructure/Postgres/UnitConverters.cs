using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Market;
using Mycelium.Domain.Names;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>How the domain's units, ids and enums are stored: as their number or UUID, and as their name.</summary>
internal static class UnitConverters
{
    public static void ConvertUnits(this ModelConfigurationBuilder model)
    {
        model.Properties<NodeId>().HaveConversion<NodeIdConverter>();
        model.Properties<FarmId>().HaveConversion<FarmIdConverter>();
        model.Properties<AccountId>().HaveConversion<AccountIdConverter>();
        model.Properties<QuoteId>().HaveConversion<QuoteIdConverter>();
        model.Properties<RentalId>().HaveConversion<RentalIdConverter>();
        model.Properties<NotificationId>().HaveConversion<NotificationIdConverter>();
        model.Properties<WithdrawalId>().HaveConversion<WithdrawalIdConverter>();
        model.Properties<WithdrawalState>().HaveConversion<string>();
        model.Properties<ReservedNameId>().HaveConversion<ReservedNameIdConverter>();
        model.Properties<NameStatus>().HaveConversion<string>();
        model.Properties<NameReleaseReason>().HaveConversion<string>();
        model.Properties<RentalBilling>().HaveConversion<string>();
        model.Properties<LedgerEntryId>().HaveConversion<LedgerEntryIdConverter>();
        model.Properties<SliceCombinationId>().HaveConversion<SliceCombinationIdConverter>();
        model.Properties<MicroUsd>().HaveConversion<MicroUsdConverter>();
        model.Properties<MicroUsdPerHour>().HaveConversion<MicroUsdPerHourConverter>();
        model.Properties<RentalHours>().HaveConversion<RentalHoursConverter>();
        model.Properties<BasisPoints>().HaveConversion<BasisPointsConverter>();
        model.Properties<FarmCertification>().HaveConversion<string>();
        model.Properties<Region>().HaveConversion<string>();
        model.Properties<NodeUnavailability>().HaveConversion<string>();
        model.Properties<NodeStatus>().HaveConversion<string>();
        model.Properties<NodeCertification>().HaveConversion<string>();
        model.Properties<RentalStatus>().HaveConversion<RentalStatusConverter>();
        model.Properties<RentalKind>().HaveConversion<string>();
        model.Properties<RentalEndReason>().HaveConversion<string>();
        model.Properties<ReservationId>().HaveConversion<ReservationIdConverter>();
        model.Properties<ReservationEndReason>().HaveConversion<string>();
        model.Properties<NotificationKind>().HaveConversion<string>();
        model.Properties<LedgerEntryKind>().HaveConversion<string>();
    }

    private sealed class NodeIdConverter() : ValueConverter<NodeId, long>(id => id.Value, value => new NodeId(value));

    private sealed class FarmIdConverter() : ValueConverter<FarmId, long>(id => id.Value, value => new FarmId(value));

    private sealed class AccountIdConverter() : ValueConverter<AccountId, Guid>(id => id.Value, value => new AccountId(value));

    private sealed class QuoteIdConverter() : ValueConverter<QuoteId, Guid>(id => id.Value, value => new QuoteId(value));

    private sealed class RentalIdConverter() : ValueConverter<RentalId, Guid>(id => id.Value, value => new RentalId(value));

    private sealed class ReservationIdConverter() : ValueConverter<ReservationId, Guid>(id => id.Value, value => new ReservationId(value));

    private sealed class NotificationIdConverter() : ValueConverter<NotificationId, Guid>(id => id.Value, value => new NotificationId(value));

    private sealed class ReservedNameIdConverter() : ValueConverter<ReservedNameId, Guid>(id => id.Value, value => new ReservedNameId(value));

    private sealed class WithdrawalIdConverter() : ValueConverter<WithdrawalId, Guid>(id => id.Value, value => new WithdrawalId(value));

    private sealed class LedgerEntryIdConverter() : ValueConverter<LedgerEntryId, Guid>(id => id.Value, value => new LedgerEntryId(value));

    private sealed class SliceCombinationIdConverter() : ValueConverter<SliceCombinationId, long>(id => id.Value, value => new SliceCombinationId(value));

    private sealed class MicroUsdConverter() : ValueConverter<MicroUsd, long>(amount => amount.Value, value => MicroUsd.From(value));

    private sealed class MicroUsdPerHourConverter() : ValueConverter<MicroUsdPerHour, long>(rate => rate.Value, value => MicroUsdPerHour.From(value));

    private sealed class RentalHoursConverter() : ValueConverter<RentalHours, int>(hours => hours.Value, value => RentalHours.From(value));

    private sealed class RentalStatusConverter() : ValueConverter<RentalStatus, string>(
        status => RentalStatuses.Write(status), text => RentalStatuses.Parse(text));

    private sealed class BasisPointsConverter() : ValueConverter<BasisPoints, int>(points => points.Value, value => BasisPoints.From(value));
}

/// <summary>States of rentals as they are stored. The database has called an ended rental expired from the start.</summary>
internal static class RentalStatuses
{
    private const string Expired = "Expired";

    public static string Write(RentalStatus status) => status == RentalStatus.Ended ? Expired : status.ToString();

    public static RentalStatus Parse(string text) => text == Expired ? RentalStatus.Ended : Enum.Parse<RentalStatus>(text);
}
