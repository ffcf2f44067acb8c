using System.Globalization;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Payments;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Notifications;

/// <summary>
/// Something that an account should know. It is written in the transaction of what it is about, and nothing in it changes but whether it was read.
/// </summary>
public sealed class Notification
{
    /// <summary>The longest <see cref="Subject"/>, in characters.</summary>
    public const int SubjectLengthMax = 64;

    /// <summary>The longest <see cref="Detail"/>, in characters.</summary>
    public const int DetailLengthMax = 500;

    private Notification()
    {
    }

    public NotificationId Id { get; private set; }

    /// <summary>The account it is for. No other account sees it.</summary>
    public AccountId AccountId { get; private set; }

    /// <summary>What it is about.</summary>
    public NotificationKind Kind { get; private set; }

    /// <summary>The rental that it is about, if any.</summary>
    public RentalId? RentalId { get; private init; }

    /// <summary>The machine that it is about, if any.</summary>
    public NodeId? NodeId { get; private init; }

    /// <summary>The name that people know the rental or the reserved name by; null for none. At most <see cref="SubjectLengthMax"/> characters.</summary>
    public string? Subject { get; private init; }

    /// <summary>The money that it is about, if any. Never negative.</summary>
    public MicroUsd? Amount { get; private init; }

    /// <summary>The instant that it speaks of, such as when a rental ends or since when a machine is down; null if there is none.</summary>
    public DateTimeOffset? EffectiveAt { get; private init; }

    /// <summary>A sentence with the reason, for people; null if the kind says it all. At most <see cref="DetailLengthMax"/> characters.</summary>
    public string? Detail { get; private init; }

    /// <summary>
    /// Distinguishes what is reported from everything else that the account is told. A second notification with the same key is not written, whoever tries.
    /// </summary>
    public string Key { get; private set; } = "";

    /// <summary>When it was written, by the database's clock.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the account marked it as read; null while it is unread.</summary>
    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>What happened, in a few words.</summary>
    public string Title => NotificationText.Title(Kind);

    /// <summary>What happened and what can be done about it, with times in UTC.</summary>
    public string Message => NotificationText.Message(this);

    /// <summary>A notification that is still to be written. The database sets when it was created.</summary>
    /// <param name="account">Whom it is for.</param>
    /// <param name="kind">What it is about.</param>
    /// <param name="key">The same for the same thing, whoever reports it and however often; 1 to 200 characters.</param>
    /// <param name="now">The present: its ID begins with it.</param>
    /// <param name="rental">The rental that it is about.</param>
    /// <param name="node">The machine that it is about.</param>
    /// <param name="subject">The name that people know its rental or reserved name by.</param>
    /// <param name="amount">The money that it is about.</param>
    /// <param name="effectiveAt">The instant that it speaks of.</param>
    /// <param name="detail">A sentence with the reason.</param>
    public static Notification Of(
        AccountId account, NotificationKind kind, string key, DateTimeOffset now, RentalId? rental = null, NodeId? node = null, string? subject = null,
        MicroUsd? amount = null, DateTimeOffset? effectiveAt = null, string? detail = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return new()
        {
            Id = NotificationId.New(now),
            AccountId = account,
            Kind = kind,
            RentalId = rental,
            NodeId = node,
            Subject = Cut(subject, SubjectLengthMax),
            Amount = amount,
            EffectiveAt = effectiveAt,
            Detail = Cut(detail, DetailLengthMax),
            Key = key,
        };
    }

    /// <summary>Money was added to a wallet from outside.</summary>
    /// <param name="deposited">The deposit.</param>
    /// <param name="key">The deposit's. It may be used again once it is forgotten, so the instant belongs to what is told.</param>
    /// <param name="now">The present.</param>
    public static Notification Deposited(FundsDeposited deposited, IdempotencyKey key, DateTimeOffset now) =>
        Of(deposited.AccountId, NotificationKind.Deposited, $"deposited/{key}/{now.ToUnixTimeSeconds()}", now, amount: deposited.Amount);

    /// <summary>A payment arrived, or came back after a dispute; null for what is taken back, which the wallet's entries tell.</summary>
    public static Notification? Paid(PaymentMovement moved, DateTimeOffset now) => moved.Kind switch
    {
        LedgerEntryKind.PaymentReceived =>
            Of(moved.AccountId, NotificationKind.Deposited, $"paid/{moved.PaymentId}/{moved.Number}", now, amount: moved.Amount),
        LedgerEntryKind.PaymentReinstated =>
            Of(moved.AccountId, NotificationKind.Refunded, $"paid/{moved.PaymentId}/{moved.Number}", now, amount: moved.Amount),
        _ => null,
    };

    /// <summary>A withdrawal ended: it was paid out, or its amount is back.</summary>
    public static Notification WithdrawalEnded(WithdrawalId id, AccountId account, MicroUsd amount, string? failure, DateTimeOffset now) => failure is null
        ? Of(account, NotificationKind.WithdrawalSettled, $"withdrawal/{id}", now, amount: amount)
        : Of(account, NotificationKind.WithdrawalFailed, $"withdrawal/{id}", now, amount: amount, detail: failure);

    /// <summary>A rental ended; null if its renter ended it, who knows.</summary>
    public static Notification? RentalEnded(Rental rental, DateTimeOffset now, MicroUsd? refund = null, string? why = null) =>
        rental.EndReason is not { } reason || reason is RentalEndReason.CancelledByRenter or RentalEndReason.Moved
            ? null
            : About(rental, NotificationKind.RentalEnded, $"rental-ended/{rental.Id}", now, refund, rental.EndedAt, Joined(reason.Sentence(), why));

    /// <summary>A rental was ended by its farmer or an operator, who said why.</summary>
    public static Notification RentalWithdrawn(Rental rental, DateTimeOffset now, MicroUsd refund, MicroUsd penalty, string why) => RentalEnded(
        rental, now, refund, penalty == MicroUsd.Zero ? why : $"{why.TrimEnd().TrimEnd('.')}. A penalty of {penalty} USD comes to you on top.")!;

    /// <summary>A rental's machine can be reached.</summary>
    public static Notification RentalReady(Rental rental, DateTimeOffset now) =>
        About(rental, NotificationKind.RentalReady, $"rental-ready/{rental.Id}", now, effectiveAt: rental.ActivatedAt);

    /// <summary>A rental's machine could not be made.</summary>
    public static Notification RentalFailed(RentalFailed failed, DateTimeOffset now) =>
        About(failed.Rental, NotificationKind.RentalFailed, $"rental-failed/{failed.Rental.Id}", now, failed.Refund, failed.Rental.EndedAt);

    /// <summary>A rental was moved to another node; the rental is the one there.</summary>
    public static Notification RentalMoved(Rental rental, DateTimeOffset now) =>
        About(rental, NotificationKind.RentalMoved, $"rental-moved/{rental.Id}", now, effectiveAt: rental.EndsAt);

    /// <summary>A rental renewed itself.</summary>
    public static Notification RentalRenewed(RentalRenewed renewed, DateTimeOffset now) => About(
        renewed.Rental, NotificationKind.RentalRenewed, $"rental-renewed/{renewed.Rental.Id}/{renewed.Rental.Segments[^1].Number}", now,
        renewed.Charged, renewed.Rental.EndsAt);

    /// <summary>A rental could not renew itself. It is told once for each end and reason, however often it is tried.</summary>
    public static Notification RentalRenewalFailed(RenewalPutOff putOff, DateTimeOffset now) => About(
        putOff.Rental, NotificationKind.RentalRenewalFailed,
        $"rental-renewal-failed/{putOff.Rental.Id}/{putOff.Rental.EndsAt.ToUnixTimeSeconds()}/{putOff.Failure}", now,
        effectiveAt: putOff.Rental.GraceEndsAt ?? putOff.Rental.EndsAt, detail: putOff.Why);

    /// <summary>A rental's term ended without a renewal, or its next hour could not be paid.</summary>
    public static Notification RentalInGrace(RentalEnteredGrace entered, DateTimeOffset now) => About(
        entered.Rental, NotificationKind.RentalInGrace, $"rental-in-grace/{entered.Rental.Id}/{entered.Rental.EndsAt.ToUnixTimeSeconds()}", now,
        effectiveAt: entered.GraceEndsAt);

    /// <summary>What the account runs uses its balance up soon.</summary>
    /// <param name="account">Whose wallet.</param>
    /// <param name="balance">What it holds.</param>
    /// <param name="runsOutAt">When it is used up.</param>
    /// <param name="runwayMin">How long it should last.</param>
    /// <param name="now">The present: a balance that had recovered is told about again.</param>
    public static Notification LowBalance(AccountId account, MicroUsd balance, DateTimeOffset runsOutAt, TimeSpan runwayMin, DateTimeOffset now) => Of(
        account, NotificationKind.LowBalance, $"low-balance/{now.ToUnixTimeSeconds()}", now, amount: balance, effectiveAt: runsOutAt,
        detail: string.Create(CultureInfo.InvariantCulture, $"It should last for at least {runwayMin.TotalHours:0} hours. What cannot be paid enters grace."));

    private static Notification About(
        Rental rental, NotificationKind kind, string key, DateTimeOffset now, MicroUsd? amount = null, DateTimeOffset? effectiveAt = null,
        string? detail = null) =>
        Of(rental.RenterId, kind, key, now, rental.Id, rental.NodeId, rental.Name, amount, effectiveAt, detail);

    private static string Joined(string sentence, string? why) => why is null ? sentence : $"{sentence} {why}";

    /// <summary>A notification must not fail what it reports, so a text that is too long is cut.</summary>
    private static string? Cut(string? text, int lengthMax) => text is null || text.Length <= lengthMax
        ? text
        : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, lengthMax - 1)}…");
}
