using System.Net.WebSockets;
using System.Text;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>
/// Why a socket is closed: the code and text of its close frame. Clients reconnect automatically after 1012, 1013, 4403 and 4408; the other codes
/// mean that they made a mistake. <see href="https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md"/>
/// </summary>
internal sealed record CloseReason
{
    private const int TextBytesMax = 123; // A control frame holds 125 bytes, two of them the code.

    private CloseReason(int code, string text)
    {
        Code = (WebSocketCloseStatus)code;
        Text = Fit(text);
    }

    public static readonly CloseReason Unauthorized = new(4401, "Unauthorized");
    public static readonly CloseReason Forbidden = new(4403, "Forbidden");
    public static readonly CloseReason Expired = new(4403, "Forbidden: token expired");
    public static readonly CloseReason Withdrawn = new(4403, "Forbidden: rights withdrawn");
    public static readonly CloseReason SubprotocolNotAcceptable = new(4406, "Subprotocol not acceptable");
    public static readonly CloseReason InitTimeout = new(4408, "Connection initialisation timeout");
    public static readonly CloseReason PongTimeout = new(4408, "Pong timeout");
    public static readonly CloseReason TooManyInitialisations = new(4429, "Too many initialisation requests");
    public static readonly CloseReason InternalError = new(4500, "Internal server error");
    public static readonly CloseReason TooBig = new(1009, "MESSAGE_TOO_BIG");
    public static readonly CloseReason SlowConsumer = new(1013, "SLOW_CONSUMER") { DiscardsQueue = true };
    public static readonly CloseReason TooManySockets = new(1013, "TOO_MANY_SOCKETS");
    public static readonly CloseReason Unavailable = new(1013, "UNAVAILABLE");

    /// <summary>The connection is lost: nobody will read the frame.</summary>
    public static readonly CloseReason Lost = new(1006, "") { DiscardsQueue = true };

    /// <summary>The client has closed; its frame is echoed.</summary>
    public static readonly CloseReason ByClient = new(1000, "") { DiscardsQueue = true };

    public WebSocketCloseStatus Code { get; }
    public string Text { get; }

    /// <summary>Whether queued messages are dropped, since the client does not read.</summary>
    public bool DiscardsQueue { get; private init; }

    public static CloseReason BadMessage(string why) => new(4400, "Invalid message: " + why);

    public static CloseReason IdInUse(string id) => new(4409, $"Subscriber for {id} already exists");

    /// <summary>The server is shutting down. The delay differs between sockets, so that clients do not all reconnect at the same moment.</summary>
    public static CloseReason Restart(TimeSpan retryAfter) => new(1012, $"SERVICE_RESTART retryAfterMs={retryAfter.TotalMilliseconds:F0}");

    private static string Fit(string text)
    {
        while (Encoding.UTF8.GetByteCount(text) > TextBytesMax)
            text = text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
        return text;
    }
}
