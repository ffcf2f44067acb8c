using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mycelium.GridStandIn.Endpoints;

/// <summary>Writes complete responses with their length, as GridProxy does.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        var body = new ArrayBufferWriter<byte>(16 * 1_024);
        using (var writer = new Utf8JsonWriter(body, Writing))
            write(writer);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    public static Task WriteErrorAsync(HttpContext context, int status, string message) =>
        WriteAsync(
            context,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("error", message);
                writer.WriteEndObject();
            },
            status);

    /// <summary>One page of a list. With <c>ret_count=true</c> the headers <c>count</c>, <c>size</c> and <c>pages</c> contain the totals.</summary>
    public static Task WritePageAsync<T>(HttpContext context, Paging paging, IEnumerable<T> items, Func<int> count, Action<Utf8JsonWriter, T> write)
    {
        if (paging.ReturnsCount)
        {
            int all = count();
            IHeaderDictionary headers = context.Response.Headers;
            headers["count"] = all.ToString(CultureInfo.InvariantCulture);
            headers["size"] = paging.Size.ToString(CultureInfo.InvariantCulture);
            headers["pages"] = ((all + paging.Size - 1) / paging.Size).ToString(CultureInfo.InvariantCulture);
        }
        return WriteAsync(context, writer =>
        {
            writer.WriteStartArray();
            foreach (T item in items.Skip(paging.Offset).Take(paging.Size))
                write(writer, item);
            writer.WriteEndArray();
        });
    }
}
