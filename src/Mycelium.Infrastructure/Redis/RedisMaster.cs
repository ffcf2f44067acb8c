using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Mycelium.Infrastructure.Coordination;
using StackExchange.Redis;

namespace Mycelium.Infrastructure.Redis;

/// <summary>
/// One of the independent masters. Every command is bounded here: StackExchange.Redis looks for answers that are overdue once a second, and a turn is worth milliseconds.
/// A watchdog asks the master each second who it is: silence makes it unreachable and its connection is built anew; another run id, or a start less
/// than one lock lifetime ago, takes its vote away for that time, since it has forgotten locks that may still be held.
/// </summary>
internal sealed partial class RedisMaster : IAsyncDisposable
{
    private readonly CoordinationOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly List<(string Channel, Action<RedisValue> Handler)> subscriptions = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly Task watching;
    private volatile ConnectionMultiplexer? connection;
    private volatile bool isVerified;
    private int missCount;
    private string? runId;
    private long quarantinedUntil;
    private long? rebuiltAt;

    public RedisMaster(string address, CoordinationOptions options, TimeProvider clock, ILogger logger)
    {
        Address = address;
        this.options = options;
        this.clock = clock;
        this.logger = logger;
        quarantinedUntil = clock.GetTimestamp();
        watching = Task.Run(WatchAsync);
    }

    public string Address { get; }

    /// <summary>Answers its watchdog; says nothing of whether it may vote.</summary>
    public bool IsReachable => connection is not null && Volatile.Read(ref missCount) < options.WatchdogMissesMax;

    /// <summary>May take part in a quorum: reachable, known to be the same process as before, and up for longer than a lock lives.</summary>
    public bool HasVote => IsReachable && isVerified && clock.GetTimestamp() >= Interlocked.Read(ref quarantinedUntil);

    /// <summary>Its run id was asked for since the connection was last lost.</summary>
    internal bool IsVerified => isVerified;

    /// <summary><c>SET key token NX PX ttl</c>.</summary>
    public Task<Answer> SetAsync(string key, byte[] token) => !HasVote
        ? Task.FromResult(Answer.Absent)
        : AskAsync(async database => await database.StringSetAsync(key, token, options.LockTtl, When.NotExists).ConfigureAwait(false));

    /// <summary>The same for several keys in one command: which of them were set.</summary>
    public async Task<Votes> SetEachAsync(RedisKey[] keys, byte[] token)
    {
        int[] set = [];
        Answer answer = !HasVote ? Answer.Absent : await AskAsync(async database =>
        {
            set = (int[]?)await database.ExecuteAsync("EVAL", Script(LockScripts.LockEach, keys, token, (long)options.LockTtl.TotalMilliseconds)).ConfigureAwait(false) ?? [];
            return true;
        }).ConfigureAwait(false);
        return new Votes(answer, answer == Answer.Yes ? set : []);
    }

    /// <summary>Lets go of those of the keys that hold our token.</summary>
    public Task<Answer> UnlockEachAsync(RedisKey[] keys, byte[] token) => AskAsync(async database =>
        (int)await database.ExecuteAsync("EVAL", Script(LockScripts.UnlockEach, keys, token)).ConfigureAwait(false) == 1);

    /// <summary>Runs a script over one key that answers 1 or 0. Sent to a master without a vote too: letting go must reach everyone.</summary>
    public Task<Answer> RunAsync(string script, string key, params RedisValue[] arguments) =>
        AskAsync(async database =>
        {
            // EVAL whole, never EVALSHA: the scripts are short, and a restarted master knows no hashes.
            RedisResult result = await database.ExecuteAsync("EVAL", [script, 1, (RedisKey)key, .. arguments]).ConfigureAwait(false);
            return (int)result == 1;
        });

    /// <summary>Without waiting for an answer.</summary>
    public void Publish(string channel, string message)
    {
        if (!IsReachable || connection is not { IsConnected: true } current)
            return;
        try
        {
            current.GetDatabase().Publish(RedisChannel.Literal(channel), message, CommandFlags.FireAndForget);
        }
        catch (Exception failure) when (IsOfRedis(failure))
        {
            // A hint that is lost costs a poll.
        }
    }

    /// <summary>Listens for as long as the master lives in this process: also on connections built later.</summary>
    public void Subscribe(string channel, Action<RedisValue> handler)
    {
        lock (subscriptions)
            subscriptions.Add((channel, handler));
        if (connection is { } current)
            Listen(current, channel, handler);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watching;
        Drop(Interlocked.Exchange(ref connection, null));
        stopping.Dispose();
    }

    private async Task<Answer> AskAsync(Func<IDatabase, Task<bool>> ask)
    {
        if (!IsReachable || connection is not { IsConnected: true } current)
            return Answer.Absent;
        try
        {
            Task<bool> asking = ask(current.GetDatabase());
            Forget(asking);
            return await asking.WaitAsync(options.CallTimeout, clock).ConfigureAwait(false) ? Answer.Yes : Answer.No;
        }
        catch (Exception failure) when (IsOfRedis(failure))
        {
            return Answer.Silence;
        }
    }

    private static object[] Script(string script, RedisKey[] keys, params RedisValue[] arguments) =>
        [script, keys.Length, .. keys.Select(key => (object)key), .. arguments.Select(argument => (object)argument)];

    private static void Listen(ConnectionMultiplexer on, string channel, Action<RedisValue> handler)
    {
        try
        {
            Forget(on.GetSubscriber().SubscribeAsync(RedisChannel.Literal(channel), (_, message) => handler(message)));
        }
        catch (Exception failure) when (IsOfRedis(failure))
        {
            // Nothing to do: hints may be lost, and the next connection subscribes again.
        }
    }

    /// <summary>Not connected, timed out, closed under us, or an error reply such as LOADING, READONLY or OOM.</summary>
    private static bool IsOfRedis(Exception failure) =>
        failure is RedisException or TimeoutException or ObjectDisposedException or SocketException or InvalidCastException or InvalidDataException or FormatException
            or OperationCanceledException;

    /// <summary>An abandoned call may fail much later; nobody is left to hear of it.</summary>
    private static void Forget(Task task) =>
        task.ContinueWith(
            static done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Closing waits for a peer that may never answer, so it happens aside.</summary>
    private static void Drop(ConnectionMultiplexer? old)
    {
        if (old is not null)
            Forget(Task.Run(() => old.Close(allowCommandsToComplete: false)));
    }

    private async Task<EndPoint> ResolveAsync()
    {
        // Looked up anew for each connection: a container that was replaced has another address. IPv4 first, as servers bound to one family mostly are.
        (string host, int port) = Split(Address);
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, stopping.Token).ConfigureAwait(false);
        return new IPEndPoint(addresses.OrderBy(address => address.AddressFamily != AddressFamily.InterNetwork).First(), port);
    }

    private static (string Host, int Port) Split(string address)
    {
        int colon = address.LastIndexOf(':');
        return colon < 0
            ? (address, 6379)
            : (address[..colon].Trim('[', ']'), int.Parse(address.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture));
    }
}
