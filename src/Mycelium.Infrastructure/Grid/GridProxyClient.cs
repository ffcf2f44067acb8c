using System.Globalization;
using System.Net;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;
using Polly;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// Reads one grid over the REST API of its GridProxy, with a circuit breaker of its own. Nothing it sends is trusted: answers are bounded in time, length and
/// depth, redirects are not followed, what cannot be believed of a record costs itself, and whatever else goes wrong is one
/// <see cref="GridUnavailableException"/>.
/// </summary>
public sealed class GridProxyClient : IDisposable
{
    private static readonly RecordReading<NodeObservation> nodes =
        new(GridFlawSubject.Node, NodeReading.IdName, NodeReading.Names, NodeReading.Read, node => node.Id.Number, NodeReading.Reconcile);

    private static readonly RecordReading<FarmObservation> farms =
        new(GridFlawSubject.Farm, FarmReading.IdName, FarmReading.Names, FarmReading.Read, farm => farm.Id.Number, FarmReading.Reconcile);

    private readonly HttpClient http;
    private readonly GridOptions options;
    private readonly ResiliencePipeline<GridAnswer> pipeline;

    public GridProxyClient(GridAddress grid, GridOptions options, TimeProvider clock)
    {
        this.options = options;
        pipeline = GridResilience.Build(options, clock);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None, // A small answer cannot grow in our memory.
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // So that a changed address is found.
            UseCookies = false,
        };
        http = new HttpClient(handler)
        {
            BaseAddress = grid.BaseUrl,
            MaxResponseContentBufferSize = options.AnswerBytesMax,
            Timeout = Timeout.InfiniteTimeSpan, // The pipeline bounds each attempt.
        };
    }

    /// <summary>A page of all nodes, by id, counted from 1.</summary>
    public async Task<GridPage<NodeObservation>> NodesAsync(int page, GridMoment moment, CancellationToken cancellation) =>
        Reading.Page(await ListAsync("nodes", "node_id", page, cancellation).ConfigureAwait(false), nodes, options.PageSize, moment);

    /// <summary>A page of all farms, by id, counted from 1.</summary>
    public async Task<GridPage<FarmObservation>> FarmsAsync(int page, GridMoment moment, CancellationToken cancellation) =>
        Reading.Page(await ListAsync("farms", "farm_id", page, cancellation).ConfigureAwait(false), farms, options.PageSize, moment);

    public async Task<GridStats> StatsAsync(CancellationToken cancellation) =>
        Reading.Record(await GetAsync("stats", cancellation).ConfigureAwait(false), GridProxyJson.Default.GridStats);

    public void Dispose() => http.Dispose();

    private Task<GridAnswer> ListAsync(string path, string sortBy, int page, CancellationToken cancellation) =>
        GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"{path}?sort_by={sortBy}&sort_order=asc&size={options.PageSize}&page={page}&ret_count=true"),
            cancellation);

    private async Task<GridAnswer> GetAsync(string path, CancellationToken cancellation)
    {
        try
        {
            GridAnswer answer = await pipeline.ExecuteAsync(
                static async (state, token) => await state.Client.AttemptAsync(state.Path, token).ConfigureAwait(false), (Client: this, Path: path),
                cancellation).ConfigureAwait(false);
            return answer.IsUsable
                ? answer
                : throw new GridUnavailableException(GridFailure.Refused, $"The grid answered {(int)answer.Status} to {path}.");
        }
        catch (Exception failure) when (GridResilience.Understand(failure, path) is { } understood)
        {
            throw understood;
        }
    }

    private async Task<GridAnswer> AttemptAsync(string path, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative), cancellation).ConfigureAwait(false);
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        int? count = response.Headers.TryGetValues("count", out IEnumerable<string>? values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out int total) ? total : null;
        return new GridAnswer(response.StatusCode, body, count, response.Headers.RetryAfter?.Delta);
    }
}

/// <summary>One answer of the grid, whole.</summary>
internal sealed record GridAnswer(HttpStatusCode Status, ReadOnlyMemory<byte> Body, int? TotalCount, TimeSpan? RetryAfter)
{
    /// <summary>Success, or a truthful 404.</summary>
    public bool IsUsable => Status is HttpStatusCode.OK or HttpStatusCode.NotFound;

    /// <summary>Another attempt may do better.</summary>
    public bool IsPassing => (int)Status >= 500 || Status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;
}
