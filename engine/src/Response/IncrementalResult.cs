using System.Buffers;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Response;

/// <param name="Path">Where it belongs; null for the root.</param>
internal readonly record struct PendingNotice(int Id, ResponsePath? Path, string? Label);

/// <param name="SubPath">From where the id belongs to where the data does.</param>
/// <param name="IsItems">The buffer contains items separated by commas, rather than an object.</param>
internal readonly record struct IncrementalPart(int Id, ResponseBuffer Data, IReadOnlyList<GraphQLError> Errors, IReadOnlyList<object> SubPath, bool IsItems);

/// <param name="Errors">Empty when it is complete.</param>
internal readonly record struct CompletedNotice(int Id, IReadOnlyList<GraphQLError> Errors);

/// <summary>
/// A result after the first of a response in parts, by the proposal <see href="https://github.com/graphql/graphql-spec/pull/1110"/>.
/// </summary>
internal sealed class IncrementalResult(
    IReadOnlyList<PendingNotice> pending, IReadOnlyList<IncrementalPart> incremental, IReadOnlyList<CompletedNotice> completed, bool hasNext,
    IReadOnlyDictionary<string, object?>? extensions) : OperationResult
{
    private bool isDisposed;

    public override bool HasData => true;

    public override IReadOnlyList<GraphQLError> Errors { get; } =
        [.. incremental.SelectMany(part => part.Errors), .. completed.SelectMany(notice => notice.Errors)];

    public override void WriteTo(IBufferWriter<byte> output)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        using var writer = new Utf8JsonWriter(output, ErrorWriter.Options);
        writer.WriteStartObject();
        writer.WriteBoolean("hasNext"u8, hasNext);
        if (pending.Count > 0)
        {
            writer.WritePropertyName("pending"u8);
            WritePending(writer, pending);
        }
        if (incremental.Count > 0)
            WriteIncremental(writer);
        if (completed.Count > 0)
            WriteCompleted(writer);
        if (extensions is { Count: > 0 })
        {
            writer.WritePropertyName("extensions"u8);
            ErrorWriter.WriteValue(writer, extensions);
        }
        writer.WriteEndObject();
    }

    public override void Dispose()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        foreach (IncrementalPart part in incremental)
            part.Data.Dispose();
    }

    public static void WritePending(Utf8JsonWriter writer, IReadOnlyList<PendingNotice> pending)
    {
        writer.WriteStartArray();
        foreach (PendingNotice notice in pending)
        {
            writer.WriteStartObject();
            WriteId(writer, notice.Id);
            writer.WritePropertyName("path"u8);
            ErrorWriter.WriteValue(writer, notice.Path?.ToList() ?? []);
            if (notice.Label is not null)
                writer.WriteString("label"u8, notice.Label);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void WriteIncremental(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("incremental"u8);
        foreach (IncrementalPart part in incremental)
        {
            writer.WriteStartObject();
            WriteId(writer, part.Id);
            writer.WritePropertyName(part.IsItems ? "items"u8 : "data"u8);
            if (part.IsItems)
                WriteItems(writer, part.Data.Written);
            else
                writer.WriteRawValue(part.Data.Written, skipInputValidation: true);
            WriteErrors(writer, part.Errors);
            if (part.SubPath.Count > 0)
            {
                writer.WritePropertyName("subPath"u8);
                ErrorWriter.WriteValue(writer, part.SubPath);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteItems(Utf8JsonWriter writer, ReadOnlySpan<byte> items)
    {
        writer.WriteStartArray();
        if (items.Length > 0)
            writer.WriteRawValue(items, skipInputValidation: true);
        writer.WriteEndArray();
    }

    private void WriteCompleted(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("completed"u8);
        foreach (CompletedNotice notice in completed)
        {
            writer.WriteStartObject();
            WriteId(writer, notice.Id);
            WriteErrors(writer, notice.Errors);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteErrors(Utf8JsonWriter writer, IReadOnlyList<GraphQLError> errors)
    {
        if (errors.Count == 0)
            return;
        writer.WritePropertyName("errors"u8);
        ErrorWriter.Write(writer, errors);
    }

    private static void WriteId(Utf8JsonWriter writer, int id) => writer.WriteString("id"u8, id.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
