namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>
/// The sockets of each address that have not said yet whose they are. When an address has as many as it may, the oldest makes room: a client sends <c>connection_init</c> at once, so what is
/// pushed out are sockets that say nothing, and nobody who opens them keeps others behind the same address from signing in.
/// </summary>
/// <param name="max">How many an address may have; null for any number.</param>
internal sealed class OpeningSockets(int? max)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedList<SocketConnection>> byAddress = new(StringComparer.Ordinal);

    /// <param name="address">Null is nobody's, which is not counted.</param>
    /// <param name="connection">The newest of its address.</param>
    /// <returns>To dispose when <c>connection_init</c> has come, or the socket ends before.</returns>
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
                return; // It made room before.
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
