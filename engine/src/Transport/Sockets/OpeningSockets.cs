namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>
/// The sockets of each address whose user is not known yet. When an address reaches its limit, the oldest is closed. Clients send
/// <c>connection_init</c> immediately, so this closes silent sockets, and nobody who opens those keeps others behind the same address from signing
/// in.
/// </summary>
/// <param name="max">The limit for each address; null for none.</param>
internal sealed class OpeningSockets(int? max)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedList<SocketConnection>> byAddress = new(StringComparer.Ordinal);

    /// <param name="address">Null if unknown, which is not counted.</param>
    /// <param name="connection">The newest of its address.</param>
    /// <returns>Dispose it when <c>connection_init</c> has arrived, or the socket ends before that.</returns>
    public IDisposable? Add(string? address, SocketConnection connection)
    {
        if (max is null || address is null)
            return null;
        SocketConnection? oldest = null;
        LinkedListNode<SocketConnection> place;
        lock (gate)
        {
            if (!byAddress.TryGetValue(address, out LinkedList<SocketConnection>? opening))
                byAddress.Add(address, opening = []);
            if (opening.Count >= max)
            {
                oldest = opening.First!.Value;
                opening.RemoveFirst();
            }
            place = opening.AddLast(connection);
        }
        oldest?.Close(CloseReason.TooManySockets);
        return new SocketPlace(this, address, place);
    }

    private void Remove(string address, LinkedListNode<SocketConnection> place)
    {
        lock (gate)
        {
            if (place.List is not { } opening)
                return; // Already closed to make room.
            opening.Remove(place);
            if (opening.Count == 0)
                byAddress.Remove(address);
        }
    }

    private sealed class SocketPlace(OpeningSockets sockets, string address, LinkedListNode<SocketConnection> place) : IDisposable
    {
        public void Dispose() => sockets.Remove(address, place);
    }
}
