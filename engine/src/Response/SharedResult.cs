using System.Buffers;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Response;

/// <summary>A result for many subscribers: serialized once, never changed, and released with its last reader.</summary>
internal sealed class SharedResult : OperationResult
{
    private readonly byte[] json;
    private volatile Framed? framed;

    private SharedResult(byte[] json, IReadOnlyList<GraphQLError> errors)
    {
        this.json = json;
        Errors = errors;
    }

    public override bool HasData => true;
    public override IReadOnlyList<GraphQLError> Errors { get; }

    /// <summary>The response as JSON.</summary>
    public ReadOnlyMemory<byte> Json => json;

    /// <summary>Takes over a result, which must have data.</summary>
    public static SharedResult Of(OperationResult result)
    {
        using (result)
        {
            var output = new ArrayBufferWriter<byte>(1024);
            result.WriteTo(output);
            return new SharedResult(output.WrittenSpan.ToArray(), result.Errors) { Cursor = result.Cursor };
        }
    }

    /// <summary>
    /// The message with this prefix and suffix: cached for subscribers with the same prefix as the first one. Null for others, who build their own.
    /// </summary>
    public byte[]? Frame(byte[] prefix, ReadOnlySpan<byte> suffix)
    {
        Framed? known = framed;
        if (known is null)
            framed = known = new Framed(prefix, [.. prefix, .. json, .. suffix]);
        return ReferenceEquals(known.Prefix, prefix) || known.Prefix.AsSpan().SequenceEqual(prefix) ? known.Message : null;
    }

    public override void WriteTo(IBufferWriter<byte> output) => output.Write(json);

    public override void Dispose()
    {
        // It belongs to all who have received it.
    }

    private sealed record Framed(byte[] Prefix, byte[] Message);
}
