using Microsoft.AspNetCore.Http;

namespace Mycelium.GraphQL.Engine.Transport.Streams.SingleConnection;

/// <summary>The shared streams of this server by their tokens, bounded in total and for each viewer.</summary>
internal sealed class SharedStreams(StreamServices services)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SharedStream> streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> countByOwner = new(StringComparer.Ordinal);

    /// <returns>Why there is none, or the stream, which closes automatically when nobody opens it in time.</returns>
    public Refusal? TryReserve(HttpContext context, out SharedStream? reserved)
    {
        reserved = null;
        StreamOwner owner = StreamOwner.Of(context, services.Options);
        GraphQLTransportOptions options = services.Options;
        lock (gate)
        {
            int count = countByOwner.GetValueOrDefault(owner.Key);
            if (count >= options.MaxReservationsPerViewer)
                return Refusal.TooManyReservations(options.MaxReservationsPerViewer);
            if (services.TryEnter(context, out Refusal? tooMany) is not { } place)
                return tooMany;
            reserved = new SharedStream(owner, context.User, StreamExpiry.Of(context), place, options.MaxOperationsPerSocket);
            countByOwner[owner.Key] = count + 1;
            streams.Add(reserved.Token, reserved);
        }
        // Its client never opened it, so nobody waits for the operations: they end by themselves.
        reserved.ExpireAfter(options.ReservationTimeout, services.Clock, expired => _ = CloseAsync(expired));
        return null;
    }

    public SharedStream? Find(string token)
    {
        lock (gate)
            return streams.GetValueOrDefault(token);
    }

    /// <summary>Forgets the token and stops what is running. Completes when it has stopped.</summary>
    public Task CloseAsync(SharedStream stream)
    {
        lock (gate)
        {
            if (streams.Remove(stream.Token) && --countByOwner[stream.Owner.Key] == 0)
                countByOwner.Remove(stream.Owner.Key);
        }
        return stream.CloseAsync();
    }
}
