using Microsoft.Extensions.Options;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>The platform's rules about the life of a rental: section <c>Rentals</c>. <see cref="RentalPolicy"/> explains each and its default.</summary>
public sealed class RentalPolicyOptions
{
    public const string Section = "Rentals";
    private static readonly RentalPolicy defaults = new();

    public TimeSpan Grace { get; set; } = defaults.Grace;
    public TimeSpan RenewalLead { get; set; } = defaults.RenewalLead;
    public TimeSpan RenewalRetry { get; set; } = defaults.RenewalRetry;
    public TimeSpan CancelQuoteLifetime { get; set; } = defaults.CancelQuoteLifetime;
    public int FeeBasisPoints { get; set; } = defaults.Fee.Value;
    public int PenaltyBasisPoints { get; set; } = defaults.PenaltyRate.Value;
    public TimeSpan HoldLifetime { get; set; } = defaults.HoldLifetime;
    public TimeSpan HoldLifetimeMax { get; set; } = defaults.HoldLifetimeMax;
    public int HoldsMax { get; set; } = defaults.HoldsMax;
    public int HeldSlicesMax { get; set; } = defaults.HeldSlicesMax;

    /// <summary>Null for <c>Notifications:NodeDownAfter</c>: renters may move as soon as they are told.</summary>
    public TimeSpan? MoveAfter { get; set; }

    /// <summary>What a whole node costs less than its slices. <see cref="Domain.Market.PricingPolicy.WholeNodeDiscount"/> explains it.</summary>
    public int WholeNodeDiscountPercent { get; set; } = 50;

    /// <summary>Null when the settings can be used; otherwise what is wrong.</summary>
    internal string? Flaw => this switch
    {
        { Grace.Ticks: <= 0 } or { RenewalLead.Ticks: <= 0 } or { RenewalRetry.Ticks: <= 0 } =>
            "Rentals:Grace, RenewalLead and RenewalRetry must be longer than zero.",
        _ when CancelQuoteLifetime <= TimeSpan.Zero || CancelQuoteLifetime > TimeSpan.FromMinutes(4) =>
            "Rentals:CancelQuoteLifetime is more than zero and at most 4 minutes: earnings may be posted as of 5 minutes ago, and a quote must not be older.",
        { FeeBasisPoints: < 0 or > BasisPoints.Whole } => "Rentals:FeeBasisPoints is between 0 and 10000.",
        { PenaltyBasisPoints: < 0 or > BasisPoints.Whole } => "Rentals:PenaltyBasisPoints is between 0 and 10000.",
        { WholeNodeDiscountPercent: < 0 or > 100 } => "Rentals:WholeNodeDiscountPercent is between 0 and 100.",
        { MoveAfter.Ticks: < 0 } => "Rentals:MoveAfter is not negative.",
        _ when HoldLifetime <= TimeSpan.Zero || HoldLifetime > HoldLifetimeMax => "Rentals:HoldLifetime is at most Rentals:HoldLifetimeMax.",
        { HoldsMax: < 0 } or { HeldSlicesMax: < 0 } => "Rentals:HoldsMax and HeldSlicesMax start at 0, which forbids holds.",
        _ => null,
    };

    /// <param name="nodeDownAfter">When renters are told that their node is down.</param>
    internal RentalPolicy ToPolicy(TimeSpan nodeDownAfter) => new()
    {
        Grace = Grace,
        RenewalLead = RenewalLead,
        RenewalRetry = RenewalRetry,
        CancelQuoteLifetime = CancelQuoteLifetime,
        Fee = BasisPoints.From(FeeBasisPoints),
        PenaltyRate = BasisPoints.From(PenaltyBasisPoints),
        HoldLifetime = HoldLifetime,
        HoldLifetimeMax = HoldLifetimeMax,
        HoldsMax = HoldsMax,
        HeldSlicesMax = HeldSlicesMax,
        MoveAfter = MoveAfter ?? nodeDownAfter,
    };
}

internal sealed class RentalPolicyCheck : IValidateOptions<RentalPolicyOptions>
{
    public ValidateOptionsResult Validate(string? name, RentalPolicyOptions options) =>
        options.Flaw is { } flaw ? ValidateOptionsResult.Fail(flaw) : ValidateOptionsResult.Success;
}
