using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Mycelium.GraphQL.Engine.Response;

/// <summary>A response while it is written: UTF-8 in one pooled array, whose end can be discarded when a null replaces what was written.</summary>
internal sealed class ResponseBuffer(ArrayPool<byte> pool, int sizeHint, int sizeMax) : IBufferWriter<byte>, IDisposable
{
    /// <summary>
    /// The characters that JSON requires to be escaped. Everything else is written as plain UTF-8: a response is not part of an HTML page.
    /// </summary>
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(code => (char)code), '"', '\\']);

    private byte[] bytes = pool.Rent(Math.Max(sizeHint, 256));
    private Utf8JsonWriter? jsonWriter;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Count);

    public void Truncate(int count) => Count = count;

    public void Add(byte value)
    {
        if (Count == bytes.Length)
            Grow(1);
        bytes[Count++] = value;
    }

    public void Write(ReadOnlySpan<byte> value)
    {
        value.CopyTo(GetSpan(value.Length));
        Count += value.Length;
    }

    /// <summary>A JSON string, escaped.</summary>
    public void WriteString(ReadOnlySpan<char> text)
    {
        Add((byte)'"');
        while (true)
        {
            int plain = text.IndexOfAny(Escaped);
            if (plain < 0)
                break;
            Transcode(text[..plain]);
            WriteEscaped(text[plain]);
            text = text[(plain + 1)..];
        }
        Transcode(text);
        Add((byte)'"');
    }

    public void WriteNumber(long value)
    {
        Utf8Formatter.TryFormat(value, GetSpan(20), out int length);
        Count += length;
    }

    /// <param name="value">Finite.</param>
    public void WriteNumber(double value)
    {
        value.TryFormat(GetSpan(32), out int length, default, CultureInfo.InvariantCulture);
        Count += length;
    }

    /// <summary>A number as a JSON string, so that no client rounds it.</summary>
    public void WriteQuoted(decimal value)
    {
        Add((byte)'"');
        value.TryFormat(GetSpan(32), out int length, default, CultureInfo.InvariantCulture);
        Count += length;
        Add((byte)'"');
    }

    /// <summary>For values that write themselves. It continues at the end of the buffer; flush it before anything else is written.</summary>
    public Utf8JsonWriter JsonWriter
    {
        get
        {
            if (jsonWriter is null)
                jsonWriter = new Utf8JsonWriter(this, ErrorWriter.Options);
            else
                jsonWriter.Reset();
            return jsonWriter;
        }
    }

    public void Advance(int count) => Count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return bytes.AsMemory(Count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return bytes.AsSpan(Count);
    }

    /// <summary>Returns the array; the buffer must not be used afterwards.</summary>
    public void Dispose()
    {
        jsonWriter?.Dispose();
        jsonWriter = null;
        if (bytes.Length > 0)
            pool.Return(bytes);
        bytes = [];
        Count = 0;
    }

    private void Transcode(ReadOnlySpan<char> text)
    {
        // Three bytes are enough for any UTF-16 unit; half of a pair alone is written as the replacement character.
        Span<byte> target = GetSpan(text.Length * 3);
        Utf8.FromUtf16(text, target, out _, out int written);
        Count += written;
    }

    private void WriteEscaped(char character)
    {
        ReadOnlySpan<byte> escape = character switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\n' => "\\n"u8,
            '\r' => "\\r"u8,
            '\t' => "\\t"u8,
            _ => [],
        };
        if (escape.Length > 0)
        {
            Write(escape);
            return;
        }
        Write("\\u00"u8);
        Utf8Formatter.TryFormat((byte)character, GetSpan(2), out int length, new StandardFormat('x', 2));
        Count += length;
    }

    private void Ensure(int size)
    {
        if (bytes.Length - Count < Math.Max(size, 1))
            Grow(Math.Max(size, 1));
    }

    private void Grow(int size)
    {
        if (Count > sizeMax)
            throw new ResponseTooLargeException();
        byte[] larger = pool.Rent((int)Math.Min(Math.Max((long)Count + size, bytes.Length * 2L), Array.MaxLength));
        Written.CopyTo(larger);
        pool.Return(bytes);
        bytes = larger;
    }
}

/// <summary>The response exceeds its limit; it becomes an error without data.</summary>
internal sealed class ResponseTooLargeException : Exception;
