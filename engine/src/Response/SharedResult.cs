using System.Buffers;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Response;

/// <summary>A result that many subscribers are given: serialised once, never changed, and let go with its last reader.</summary>
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

    /// <summary>Takes a result over, which must have data.</summary>
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
    /// The message that begins with the prefix and ends with the suffix: made once for subscribers with the same prefix as the first one. Null for others, who
    /// make their own.
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
        // It belongs to all who were given it.
    }

    private sealed record Framed(byte[] Prefix, byte[] Message);
}
