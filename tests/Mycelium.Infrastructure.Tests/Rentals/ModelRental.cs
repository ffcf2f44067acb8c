namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Somebody's money in <see cref="RentalModel"/>.</summary>
internal sealed class ModelAccount(Guid id)
{
    public Guid Id { get; } = id;

    public long Wallet { get; set; }

    /// <summary>Earned and not settled yet.</summary>
    public long Earnings { get; set; }

    public long Debt { get; set; }

    /// <summary>All that was settled into the wallet.</summary>
    public long Settled { get; set; }

    public long Withdrawn { get; set; }

    /// <summary>What was earned, by month: the year times twelve, plus the month.</summary>
    public SortedDictionary<int, long> EarnedIn { get; } = [];

    /// <summary>The month that was settled last.</summary>
    public int SettledMonth { get; set; }
}

internal sealed class ModelNode(long id, ModelAccount farmer, int slices)
{
    public long Id { get; } = id;

    public ModelAccount Farmer { get; } = farmer;

    public int Slices { get; } = slices;

    /// <summary>Of a slice, an hour.</summary>
    public long Price { get; set; }
}

/// <summary>A length of time to rent: the months are null if it was given in hours, which have no discount.</summary>
internal sealed record ModelTerm(long Hours, int? Months);

internal sealed class ModelHold(ModelAccount account, ModelNode node, int multiplier, int quantity, long expiresAt)
{
    public Guid Id { get; set; }

    public ModelAccount Account { get; } = account;

    public ModelNode Node { get; } = node;

    public int Multiplier { get; } = multiplier;

    public int Quantity { get; } = quantity;

    public int Slices => Multiplier * Quantity;

    public long ExpiresAt { get; } = expiresAt;

    public bool IsEnded { get; set; }

    public bool IsRented { get; set; }
}

/// <summary>What a renter receives because the rental was ended early. The payer is null if the platform pays.</summary>
internal sealed class ModelPenalty(ModelAccount renter, ModelAccount? payer, long amount)
{
    public ModelAccount Renter { get; } = renter;

    public ModelAccount? Payer { get; } = payer;

    public long Amount { get; } = amount;

    public long Paid { get; set; }
}

/// <summary>A part of a rental that was paid at once; without a term it is time in grace.</summary>
internal sealed class ModelPart(string kind, long start, long end, long rate, ModelTerm? term, long paid)
{
    public string Kind { get; } = kind;

    public long Start { get; } = start;

    public long End { get; } = end;

    /// <summary>Of all slices, an hour.</summary>
    public long Rate { get; } = rate;

    public ModelTerm? Term { get; } = term;

    public long Paid { get; } = paid;

    public long Refunded { get; set; }

    /// <summary>Given back before it started: it is no part of the rental any more.</summary>
    public bool IsReturned { get; set; }

    /// <summary>Percent.</summary>
    public int Discount => RentalModel.DiscountOf(Term?.Months ?? 0);

    /// <summary>Its share of what was paid, rounded down.</summary>
    public long EarnedAt(long instant) => (long)((Int128)Paid * Math.Clamp(instant - Start, 0, End - Start) / (End - Start));
}

internal sealed class ModelRental(ModelAccount renter, ModelNode node, int slices)
{
    public Guid Id { get; set; }

    public ModelAccount Renter { get; } = renter;

    /// <summary>The node's when it began.</summary>
    public ModelAccount Farmer { get; } = node.Farmer;

    public ModelNode Node { get; } = node;

    public int Slices { get; } = slices;

    public List<ModelPart> Parts { get; } = [];

    /// <summary>As the database calls it: a rental that has ended is Expired.</summary>
    public string Status { get; set; } = "Active";

    public string? EndReason { get; set; }

    public long? EndedAt { get; set; }

    /// <summary>The highest price at which it renews itself; null if it does not.</summary>
    public long? MaxPrice { get; set; }

    public long? RenewsAt { get; set; }

    public long? GraceEnd { get; set; }

    /// <summary>Posted so far, the platform's fee included.</summary>
    public long Earned { get; set; }

    public long Fee { get; set; }

    public bool IsLive => Status is "Active" or "Grace";

    public ModelPart LastPart => Parts.Last(part => !part.IsReturned);

    public ModelTerm LastTerm => Parts.Last(part => part is { IsReturned: false, Term: not null }).Term!;

    public long Start => Parts[0].Start;

    public long End => LastPart.End;

    public long Paid => Parts.Sum(part => part.Paid);

    public long Refunded => Parts.Sum(part => part.Refunded);

    /// <summary>When it is over by itself: with the paid time, or with grace, which lasts three days and no longer than the term that ended.</summary>
    public long OverAt => GraceEnd ?? (MaxPrice is null ? End : End + Math.Min(3 * RentalModel.Day, LastTerm.Hours * RentalModel.Hour));

    public string OverReason => Status == "Grace" || MaxPrice is not null ? "GraceEnded" : "TermEnded";

    /// <summary>Why it has ended, or is over although no pass has ended it yet.</summary>
    public string WhyOver => EndReason ?? OverReason;

    public bool IsOver(long now) => IsLive && now >= OverAt;

    /// <summary>A rental that was to renew itself has to enter grace before it can be seen to be over.</summary>
    public bool IsSeenToBeOver(long now) => IsOver(now) && (MaxPrice is null || Status == "Grace");
}
