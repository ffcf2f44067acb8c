using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>What all sockets of an endpoint share.</summary>
internal sealed record SocketServices(
    IRequestExecutor Executor, GraphQLTransportOptions Options, IServiceScopeFactory Scopes, TimeProvider Clock, ILogger Logger, IViewerRights? Rights = null)
{
    public CallerQuota PerUser { get; } = new(Options.MaxSocketsPerUser);
    public CallerQuota PerAddress { get; } = new(Options.MaxSocketsPerAddress);
    public OpeningSockets Opening { get; } = new(Options.MaxSocketsPerAddress);

    /// <summary>For each address: those that have sent <c>connection_init</c> and wait for the response.</summary>
    public CallerQuota Connecting { get; } = new(Options.MaxSocketsPerAddress);
}
