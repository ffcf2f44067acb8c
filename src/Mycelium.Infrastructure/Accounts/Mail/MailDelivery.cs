using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Mycelium.Infrastructure.Jobs;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// Delivers what waits in the outbox, one mail at a time at each replica. A mail that cannot be delivered is tried again, later each time, for as long as its
/// link would work.
/// </summary>
public sealed partial class MailDelivery(
    MailOutbox outbox, IMailCarrier carrier, JobRuns runs, TimeProvider clock, IMeterFactory meters, ILogger<MailDelivery> logger)
    : PeriodicJob("deliver_mails", runs, clock, logger)
{
    /// <summary>Longer than the server may take for one.</summary>
    private static readonly TimeSpan lease = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan firstWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan waitMax = TimeSpan.FromMinutes(15);

    /// <summary>Links in mails work for a day.</summary>
    private static readonly TimeSpan ageMax = TimeSpan.FromDays(1);

    private readonly Counter<long> mails = meters.CreateMycelium().CreateCounter<long>(
        "mycelium_mails_total", description: "Mails by outcome: sent, put_off, refused, too_old");

    /// <summary>How long a mail waits that another replica wrote and could not deliver; our own are sent at once.</summary>
    protected override TimeSpan Interval => TimeSpan.FromSeconds(10);

    protected override bool RunsAtStart => true;

    /// <summary>Sends until nothing is due.</summary>
    public async Task DeliverAsync(CancellationToken cancellation)
    {
        while (await outbox.TakeAsync(lease, cancellation).ConfigureAwait(false) is { } next)
            await DeliverAsync(next, cancellation).ConfigureAwait(false);
        await carrier.RestAsync().ConfigureAwait(false);
    }

    protected override Task RunAsync(CancellationToken cancellation) => DeliverAsync(cancellation);

    protected override Task WaitAsync(CancellationToken cancellation) => outbox.Posted.WaitAsync(Interval, Clock, cancellation);

    private async Task DeliverAsync(PostedMail next, CancellationToken cancellation)
    {
        if (next.Age > ageMax)
        {
            LogGivenUp(next.Id, next.Tries);
            await EndAsync(next, "too_old", cancellation).ConfigureAwait(false);
            return;
        }
        if (next.Mail is null)
        {
            await PutOffAsync(next, "its key is not known", cancellation).ConfigureAwait(false); // Another replica may have made the key a moment ago.
            return;
        }
        try
        {
            await carrier.SendAsync(next.Mail, cancellation).ConfigureAwait(false);
        }
        catch (MailRefusedException refusal)
        {
            LogRefused(next.Id, refusal.Message);
            await EndAsync(next, "refused", cancellation).ConfigureAwait(false);
            return;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            await PutOffAsync(next, failure.GetType().Name, cancellation).ConfigureAwait(false);
            return;
        }
        await EndAsync(next, "sent", cancellation).ConfigureAwait(false);
    }

    private async Task PutOffAsync(PostedMail mail, string why, CancellationToken cancellation)
    {
        TimeSpan wait = firstWait * Math.Pow(2, Math.Min(mail.Tries - 1, 10));
        LogPutOff(mail.Id, mail.Tries, why);
        mails.Add(1, new KeyValuePair<string, object?>("outcome", "put_off"));
        await outbox.PutOffAsync(mail.Id, wait < waitMax ? wait : waitMax, cancellation).ConfigureAwait(false);
    }

    private async Task EndAsync(PostedMail mail, string outcome, CancellationToken cancellation)
    {
        mails.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        await outbox.DoneAsync(mail.Id, cancellation).ConfigureAwait(false);
    }

    // Never with the failure's text: servers repeat addresses in it.
    [LoggerMessage(1301, LogLevel.Warning, "Mail {Mail} could not be delivered at try {Try} and is tried again: {Failure}", EventName = "MailPutOff")]
    private partial void LogPutOff(long mail, int @try, string failure);

    [LoggerMessage(1302, LogLevel.Warning, "Mail {Mail} is refused for good: {Refusal}", EventName = "MailRefused")]
    private partial void LogRefused(long mail, string refusal);

    [LoggerMessage(1303, LogLevel.Warning, "Mail {Mail} is given up after {Tries} tries", EventName = "MailGivenUp")]
    private partial void LogGivenUp(long mail, int tries);
}
