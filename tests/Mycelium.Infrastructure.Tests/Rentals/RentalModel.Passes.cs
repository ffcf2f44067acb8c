namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>What happens by itself as time passes.</summary>
internal sealed partial class RentalModel
{
    /// <summary>Renews what is due, in the order in which it became due.</summary>
    /// <returns>How many were renewed.</returns>
    public int Renew()
    {
        ModelRental[] due = [.. rentals.Where(rental => rental.IsLive && rental.RenewsAt <= Now && !rental.IsOver(Now))
            .OrderBy(rental => rental.RenewsAt).ThenBy(rental => rental.Id.ToString("N"), StringComparer.Ordinal)];
        return due.Count(TryRenew);
    }

    /// <summary>Ends what is over, and lets what could not renew itself enter grace.</summary>
    /// <param name="at">At this node only, or at all.</param>
    /// <returns>How many ended or entered grace.</returns>
    public int Expire(ModelNode? at = null)
    {
        int count = 0;
        foreach (ModelRental rental in rentals.Where(rental => rental.IsLive && (at is null || rental.Node == at) && Now >= (rental.GraceEnd ?? rental.End)))
        {
            count++;
            if (rental.IsOver(Now))
                End(rental, "Expired", rental.OverReason, rental.OverAt, part => part.Paid);
            else
                (rental.Status, rental.GraceEnd, rental.RenewsAt) = ("Grace", rental.OverAt, Now); // It is tried once more at once.
        }
        return count;
    }

    /// <summary>What was used until the last midnight is earned, as of ten minutes ago; earnings of months that are over go to the wallets.</summary>
    /// <returns>How many farmers were paid.</returns>
    public int PostEarnings()
    {
        long past = Now - 10 * 60 * Second;
        long midnight = past - past % Day;
        foreach (ModelRental rental in rentals.Where(rental => rental.IsLive))
            Earn(rental, rental.Parts.Where(part => !part.IsReturned).Sum(part => part.EarnedAt(midnight)), MonthOf(midnight - 1));
        int month = MonthOf(past) - 1;
        return accounts.Values.Count(account => Settle(account, month));
    }

    /// <summary>Penalties that could not be paid at once, from what their payers have by now, and in advance from the platform's own money.</summary>
    public void PayPenalties()
    {
        foreach (ModelPenalty penalty in penalties.Where(penalty => penalty.Paid < penalty.Amount).ToArray())
            Pay(penalty, advanceMax: fees - accounts.Values.Sum(account => account.Debt));
    }

    /// <summary>What has come into a wallet pays what its owner owes.</summary>
    public void PayDebts()
    {
        foreach (ModelAccount account in accounts.Values)
        {
            long due = Math.Min(account.Wallet, account.Debt);
            account.Wallet -= due;
            account.Debt -= due;
        }
    }

    private bool TryRenew(ModelRental rental)
    {
        ModelTerm term = rental.LastTerm;
        long rate = rental.Node.Price * rental.Slices;
        if (ReachesTooFar(rental, term) || rate > rental.MaxPrice || rental.Renter.Wallet < Owed(rental) + TermPrice(rate, term))
        {
            // Every hour; before the end also when half of what is left has passed, but not within a minute.
            long wait = Now < rental.End ? Math.Max(60 * Second, (rental.End - Now) / 2) : Hour;
            rental.RenewsAt = Now + Math.Min(Hour, wait);
            return false;
        }
        Append(rental, "Renewal", term);
        return true;
    }

    /// <summary>Adds what was earned in total and not posted yet to the farmer's earnings and the platform's fees.</summary>
    private void Earn(ModelRental rental, long total, int month)
    {
        if (total <= rental.Earned)
            return;
        long fee = (long)((Int128)total * feeBasisPoints / 10_000);
        long earnings = total - rental.Earned - (fee - rental.Fee);
        fees += fee - rental.Fee;
        (rental.Earned, rental.Fee) = (total, fee);
        rental.Farmer.Earnings += earnings;
        rental.Farmer.EarnedIn[month] = rental.Farmer.EarnedIn.GetValueOrDefault(month) + earnings;
    }

    /// <summary>What was earned up to a month and has not left the earnings since becomes spendable, once for each month.</summary>
    private static bool Settle(ModelAccount account, int month)
    {
        long left = account.EarnedIn.Values.Sum() - account.Earnings;
        long due = account.EarnedIn.Where(earned => earned.Key <= month).Sum(earned => earned.Value) - left;
        if (account.SettledMonth >= month || due <= 0)
            return false;
        account.Earnings -= due;
        account.Wallet += due;
        account.Settled += due;
        account.SettledMonth = month;
        return true;
    }

    /// <summary>
    /// From earnings, then from the wallet; what is missing becomes the payer's debt as far as the platform advances it. What an operator ended is paid from
    /// fees.
    /// </summary>
    private void Pay(ModelPenalty penalty, long advanceMax)
    {
        long due = penalty.Amount - penalty.Paid;
        if (penalty.Payer is not { } payer)
        {
            fees -= due;
        }
        else
        {
            long earnings = Math.Min(due, payer.Earnings);
            long wallet = Math.Min(due - earnings, payer.Wallet);
            long advanced = Math.Clamp(due - earnings - wallet, 0, Math.Max(0, advanceMax));
            payer.Earnings -= earnings;
            payer.Wallet -= wallet;
            payer.Debt += advanced;
            due = earnings + wallet + advanced;
        }
        penalty.Paid += due;
        penalty.Renter.Wallet += due;
    }
}
