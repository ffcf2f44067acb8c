using System.Net.WebSockets;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>One client's socket from upgrade to close: <see href="https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md"/></summary>
internal sealed class SocketConnection : IAsyncDisposable
{
    private enum Phase { Opened, Connecting, Acknowledged }

    private readonly HttpContext context;
    private readonly SocketServices services;
    private readonly SocketReceiver receiver;
    private readonly SocketSender sender;
    private readonly SocketDeadlines deadlines;
    private readonly SocketOperations operations;
    private readonly string? address;
    private readonly IDisposable? opening;
    private Task connecting = Task.CompletedTask;
    private ClaimsPrincipal user = new();
    private IDisposable? place;
    private IDisposable? rights;
    private volatile Phase phase;

    public SocketConnection(WebSocket socket, HttpContext context, SocketServices services)
    {
        this.context = context;
        this.services = services;
        receiver = new SocketReceiver(socket, services.Options.MaxSocketMessageBytes);
        sender = new SocketSender(socket, context.Abort, services.Options, services.Clock);
        deadlines = new SocketDeadlines(sender, services.Options, services.Clock);
        operations = new SocketOperations(services.Options.MaxOperationsPerSocket);
        address = services.Options.AddressOf(context);
        opening = services.Opening.Add(address, this);
    }

    public void Close(CloseReason reason) => sender.Close(reason);

    /// <summary>Ends when the socket is closed and everything that it started has ended.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ReceiveAllAsync();
        }
        catch (Exception exception) when (SocketReceiver.IsConnectionLost(exception))
        {
            sender.Close(CloseReason.Lost);
        }
        catch (Exception exception)
        {
            services.Logger.LogError(exception, "A socket ended unexpectedly.");
            sender.Close(CloseReason.InternalError);
        }
        await sender.WhenEnded;
        await connecting;
        await operations.WhenAllEndedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        rights?.Dispose();
        place?.Dispose();
        opening?.Dispose();
        deadlines.Dispose();
        receiver.Dispose();
        await sender.DisposeAsync();
    }

    /// <summary>Continues after a reason to close: incoming messages are dropped until the client has read that reason and responds to it.</summary>
    private async Task ReceiveAllAsync()
    {
        while (true)
        {
            Received received = await receiver.ReceiveAsync();
            deadlines.MessageReceived();
            switch (received)
            {
                case Received.Close:
                    sender.Close(CloseReason.ByClient);
                    return;
                case Received.TooBig:
                    sender.Close(CloseReason.TooBig);
                    break;
                case Received.Binary:
                    sender.Close(CloseReason.BadMessage("not text"));
                    break;
                case Received.Text when sender.Reason is null:
                    Handle(receiver.Message);
                    break;
            }
        }
    }

    private void Handle(ReadOnlySpan<byte> text)
    {
        if (ClientMessage.Read(text, services.Options, out ClientMessage message) is { } problem)
        {
            sender.Close(CloseReason.BadMessage(problem));
            return;
        }
        switch (message.Type)
        {
            case ClientMessageType.ConnectionInit:
                Initialise(message.Payload);
                break;
            case ClientMessageType.Subscribe:
                Subscribe(message.Id, message.Payload);
                break;
            case ClientMessageType.Complete:
                operations.Stop(message.Id);
                break;
            case ClientMessageType.Ping:
                sender.Post(ServerMessage.Pong());
                break;
        }
    }

    private void Initialise(ReadOnlySpan<byte> payload)
    {
        if (phase != Phase.Opened)
        {
            sender.Close(CloseReason.TooManyInitialisations);
            return;
        }
        phase = Phase.Connecting;
        deadlines.Initialised();
        opening?.Dispose();
        if (services.Connecting.TryTake(address) is not { } waiting)
        {
            sender.Close(CloseReason.TooManySockets);
            return;
        }
        connecting = ConnectAsync(
            waiting, payload.IsEmpty ? default : JsonElement.Parse(payload, new JsonDocumentOptions { MaxDepth = services.Options.MaxJsonDepth }));
    }

    private async Task ConnectAsync(IDisposable waiting, JsonElement payload)
    {
        using IDisposable untilAnswered = waiting;
        try
        {
            ConnectionStatus status = await DecideAsync(payload);
            if (status.User is null)
            {
                sender.Close(status.IsTemporary ? CloseReason.Unavailable : CloseReason.Forbidden);
                return;
            }
            place = status.User.FindFirst(ClaimTypes.NameIdentifier)?.Value is { } account
                ? services.PerUser.TryTake(account)
                : services.PerAddress.TryTake(address);
            if (place is null)
            {
                sender.Close(CloseReason.TooManySockets);
                return;
            }
            user = status.User;
            phase = Phase.Acknowledged;
            sender.Post(ServerMessage.ConnectionAck());
            deadlines.CloseAt(status.ExpiresAt);
            rights = services.Rights?.Watch(user, () => sender.Close(CloseReason.Withdrawn));
        }
        catch (OperationCanceledException) when (sender.Closed.IsCancellationRequested)
        {
            // The client did not wait for the response.
        }
        catch (Exception exception)
        {
            services.Logger.LogError(exception, "Deciding who is on a socket failed.");
            sender.Close(CloseReason.InternalError);
        }
    }

    private async Task<ConnectionStatus> DecideAsync(JsonElement payload)
    {
        await using AsyncServiceScope scope = services.Scopes.CreateAsyncScope();
        if (scope.ServiceProvider.GetService<ISocketSessionInterceptor>() is { } interceptor)
            return await interceptor.OnConnectAsync(context, payload, sender.Closed);
        AuthenticateResult? ticket = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult;
        return ConnectionStatus.Accept(context.User, ticket?.Properties?.ExpiresUtc);
    }

    private void Subscribe(string id, ReadOnlySpan<byte> payload)
    {
        if (phase != Phase.Acknowledged)
        {
            sender.Close(CloseReason.Unauthorized);
            return;
        }
        if (RequestParametersReader.Read(payload, services.Options.MaxJsonDepth, out RequestParameters parameters) is { } problem)
        {
            sender.Close(CloseReason.BadMessage(problem));
            return;
        }
        var operation = new SocketOperation(id, operations, sender, services);
        switch (operations.Admit(operation))
        {
            case Admission.Admitted:
                // The registry owns it from here: the connection does not end before its operations have.
                _ = operation.RunAsync(parameters, user, context);
                return;
            case Admission.IdInUse:
                sender.Close(CloseReason.IdInUse(id));
                break;
            case Admission.TooMany:
                sender.Post(ServerMessage.Error(JsonEncodedText.Encode(id), [TooManyOperations()]));
                break;
        }
        operation.Dispose();
    }

    private GraphQLError TooManyOperations()
    {
        int limit = services.Options.MaxOperationsPerSocket;
        return GraphQLError.OverLimit(
            $"This socket already has {limit} operations; complete one of them, or open another socket.",
            nameof(GraphQLTransportOptions.MaxOperationsPerSocket), limit);
    }
}
