using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Polly;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>
/// Talks to the provisioner of one grid (<c>docs/provisioner.md</c>), with a circuit breaker of its own. Every request is signed, and no answer is read whose
/// signature does not belong to its request: whoever answers in the provisioner's place cannot hand out host keys. Answers are bounded in time and length,
/// redirects are not followed, and whatever goes wrong is a <see cref="ProvisionerException"/>. Nothing is retried here: whoever calls comes again later.
/// </summary>
public sealed class ProvisionerClient : IDisposable
{
    /// <summary>100 machines with 8 keys of RSA and instructions each.</summary>
    public const int AnswerBytesMax = 4 * 1_024 * 1_024;

    public const int PageSize = 100;

    /// <summary>Images of one grid; more are not believed.</summary>
    public const int ImagesMax = 200;

    private readonly HttpClient http;
    private readonly ProvisionerAddress address;
    private readonly TimeProvider clock;
    private readonly ResiliencePipeline<ProvisionerAnswer> pipeline;

    public ProvisionerClient(ProvisionerAddress address, ProvisioningOptions options, TimeProvider clock)
    {
        (this.address, this.clock) = (address, clock);
        pipeline = ProvisionerResilience.Build(options, clock);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None, // A small answer cannot grow in our memory, and what is signed is what is read.
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        http = new HttpClient(handler)
        {
            BaseAddress = address.BaseUrl,
            MaxResponseContentBufferSize = AnswerBytesMax,
            Timeout = Timeout.InfiniteTimeSpan, // The pipeline bounds each request.
        };
    }

    /// <summary>The grid's name.</summary>
    public string Grid => address.Grid;

    /// <summary>What machines can start from, the default first.</summary>
    public async Task<IReadOnlyList<MachineImage>> ImagesAsync(CancellationToken cancellation)
    {
        ImagesJson images = Body(await SendAsync(HttpMethod.Get, "images", null, cancellation).ConfigureAwait(false), ProvisionerJson.Default.ImagesJson);
        return images.Images is { Count: >= 1 and <= ImagesMax } all
            ? [.. all.Select(MachineReading.Image).DistinctBy(image => image.Id)]
            : throw new ProvisionerException(ProvisionerFailure.NotUnderstood, $"The provisioner lists no images, or more than {ImagesMax}.");
    }

    /// <summary>Creates the machine, or changes it. Said again, it does nothing.</summary>
    /// <returns>How the machine is now; of a later version when the provisioner has one.</returns>
    /// <exception cref="ProvisionerRefusedException">The provisioner cannot make such a machine.</exception>
    public async Task<MachineReport> PutAsync(Machine machine, ImageId image, CancellationToken cancellation)
    {
        var wanted = new WantedMachineJson(
            machine.Version, machine.NodeId.Number, machine.SliceTotal, machine.Size.Cores, machine.Size.MemoryBytes, machine.Size.SsdBytes,
            image.Value, machine.SshPublicKey, $"rental-{machine.RentalId}");
        ProvisionerAnswer answer = await SendAsync(
            HttpMethod.Put, Path(machine.RentalId), Json(wanted, ProvisionerJson.Default.WantedMachineJson), cancellation).ConfigureAwait(false);
        return Report(answer, machine.RentalId) ?? throw Unexpected(answer);
    }

    /// <summary>Null when the provisioner does not know the machine.</summary>
    public async Task<MachineReport?> FindAsync(RentalId id, CancellationToken cancellation) =>
        Report(await SendAsync(HttpMethod.Get, Path(id), null, cancellation).ConfigureAwait(false), id);

    /// <summary>Deletes the machine, and refuses every older version from then on. Said again, it does nothing.</summary>
    /// <returns>How far the deletion is; null when the provisioner does not know the machine.</returns>
    public async Task<MachineReport?> DeleteAsync(RentalId id, long version, CancellationToken cancellation) => Report(
        await SendAsync(
            HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"{Path(id)}?version={version}"), null, cancellation).ConfigureAwait(false),
        id);

    /// <summary>A page of all machines that are not gone, by id.</summary>
    public async Task<MachinePage> ListAsync(RentalId? after, CancellationToken cancellation)
    {
        string query = after is { } id ? $"&after={id}" : "";
        MachinesJson page = Body(
            await SendAsync(HttpMethod.Get, $"machines?limit={PageSize}{query}", null, cancellation).ConfigureAwait(false),
            ProvisionerJson.Default.MachinesJson);
        if (page.Machines is not { Count: <= PageSize } machines)
            throw new ProvisionerException(ProvisionerFailure.NotUnderstood, "The provisioner's page has more machines than were asked for.");
        RentalId? next = page.Next is { } more ? new RentalId(more) : null;
        if (next is { } continues && (machines.Count == 0 || (after is { } before && continues.CompareTo(before) <= 0)))
            throw new ProvisionerException(ProvisionerFailure.NotUnderstood, "The provisioner's list does not end.");
        var read = new List<(RentalId Id, MachineReport Report)>(machines.Count);
        foreach (MachineJson machine in machines.OfType<MachineJson>())
        {
            if (TryRead(machine) is { } one)
                read.Add(one);
        }
        return new MachinePage(read, machines.Count - read.Count, next);
    }

    /// <summary>Makes a name of the grid's gateway lead to the machine of a rental. Nothing happens where the gateway has a later version.</summary>
    public async Task PutRouteAsync(string name, RentalId id, long version, CancellationToken cancellation)
    {
        ProvisionerAnswer answer = await SendAsync(
            HttpMethod.Put, $"routes/{Uri.EscapeDataString(name)}", Json(new RouteJson(id.Value, version), ProvisionerJson.Default.RouteJson),
            cancellation).ConfigureAwait(false);
        if (answer.Status is not (HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.Conflict))
            throw Unexpected(answer);
    }

    /// <summary>Makes a name lead nowhere. Nothing happens where the gateway has a later version, such as the next holder's.</summary>
    public async Task DeleteRouteAsync(string name, long version, CancellationToken cancellation)
    {
        ProvisionerAnswer answer = await SendAsync(
            HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"routes/{Uri.EscapeDataString(name)}?version={version}"), null,
            cancellation).ConfigureAwait(false);
        if (answer.Status is not (HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.NotFound or HttpStatusCode.Conflict))
            throw Unexpected(answer);
    }

    public void Dispose() => http.Dispose();

    private static string Path(RentalId id) => $"machines/{id}";

    private static byte[] Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    private static T Body<T>(ProvisionerAnswer answer, JsonTypeInfo<T> type) where T : class =>
        answer.Status == HttpStatusCode.OK ? MachineReading.Read(answer.Body, type) : throw Unexpected(answer);

    /// <summary>One machine that cannot be believed costs itself.</summary>
    private static (RentalId Id, MachineReport Report)? TryRead(MachineJson machine)
    {
        try
        {
            return MachineReading.Machine(machine, id: null);
        }
        catch (ProvisionerException)
        {
            return null;
        }
    }

    /// <summary>An answer of 409 is the machine as it is, of a later version.</summary>
    private static MachineReport? Report(ProvisionerAnswer answer, RentalId id) => answer.Status switch
    {
        HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted or HttpStatusCode.Conflict =>
            MachineReading.Machine(MachineReading.Read(answer.Body, ProvisionerJson.Default.MachineJson), id).Report,
        HttpStatusCode.NotFound => null,
        _ => throw Unexpected(answer),
    };

    private static Exception Unexpected(ProvisionerAnswer answer) => answer.Status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => new ProvisionerRefusedException(
            MachineReading.Sentence(MachineReading.Read(answer.Body, ProvisionerJson.Default.ErrorJson).Error) ?? "The provisioner gave no reason."),
        _ => new ProvisionerException(ProvisionerFailure.NotUnderstood, $"The provisioner answered {(int)answer.Status}."),
    };

    private async Task<ProvisionerAnswer> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellation)
    {
        try
        {
            return await pipeline.ExecuteAsync(
                static async (state, token) => await state.Client.SendOnceAsync(state.Method, state.Path, state.Body, token).ConfigureAwait(false),
                (Client: this, Method: method, Path: path, Body: body ?? []), cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (ProvisionerResilience.Understand(failure) is { } understood)
        {
            throw understood;
        }
    }

    private async Task<ProvisionerAnswer> SendOnceAsync(HttpMethod method, string path, byte[] body, CancellationToken cancellation)
    {
        var target = new Uri(address.BaseUrl, path);
        long timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        string signature = address.Key.SignRequest(method.Method, target.PathAndQuery, timestamp, body);
        using var request = new HttpRequestMessage(method, target);
        request.Headers.Add(ProvisionerKey.KeyHeader, address.Key.Id);
        request.Headers.Add(ProvisionerKey.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(ProvisionerKey.SignatureHeader, signature);
        if (body.Length > 0)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

        using HttpResponseMessage response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
        byte[] received = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        Check(response, received, signature);
        return new ProvisionerAnswer(response.StatusCode, received);
    }

    /// <summary>Answers that promise nothing need no signature: a proxy in front of a provisioner that is down cannot sign.</summary>
    private void Check(HttpResponseMessage response, byte[] body, string requestSignature)
    {
        if ((int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout)
            throw new ProvisionerException(ProvisionerFailure.Unavailable, $"The provisioner answered {(int)response.StatusCode}.");
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new ProvisionerException(ProvisionerFailure.NotAccepted, "The provisioner refuses our signature: keys or clocks differ.");
        if (!long.TryParse(Header(response, ProvisionerKey.TimestampHeader), NumberStyles.None, CultureInfo.InvariantCulture, out long timestamp)
            || Math.Abs(timestamp - clock.GetUtcNow().ToUnixTimeSeconds()) > (long)ProvisionerKey.SkewMax.TotalSeconds
            || Header(response, ProvisionerKey.KeyHeader) != address.Key.Id
            || !ProvisionerKey.AreEqual(
                address.Key.SignResponse(requestSignature, (int)response.StatusCode, timestamp, body), Header(response, ProvisionerKey.SignatureHeader)))
            throw new ProvisionerException(ProvisionerFailure.NotSigned, "The answer is not signed by the provisioner, or not now.");
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) && values.ToArray() is [var only] ? only : "";
}

/// <summary>One answer, whole and signed.</summary>
internal sealed record ProvisionerAnswer(HttpStatusCode Status, ReadOnlyMemory<byte> Body);

/// <param name="Machines">Those that could be read.</param>
/// <param name="UnreadCount">Those that could not.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
public sealed record MachinePage(IReadOnlyList<(RentalId Id, MachineReport Report)> Machines, int UnreadCount, RentalId? Next);
