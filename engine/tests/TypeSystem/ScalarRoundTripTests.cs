using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;
using Xunit.Abstractions;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

/// <summary>
/// Properties of every value of every scalar: it is read back unchanged, from JSON and from a literal; and what lies beyond its range is refused
/// either way.
/// </summary>
public sealed class ScalarRoundTripTests(ITestOutputHelper output)
{
    private const int Rounds = 2_000;

    private static readonly Dictionary<string, Func<Random, object>> samples = new(StringComparer.Ordinal)
    {
        ["Int"] = random => (int)random.NextInt64(int.MinValue, int.MaxValue + 1L),
        ["Float"] = random => Finite(random),
        ["String"] = random => Text(random),
        ["Boolean"] = random => random.Next(2) == 0,
        ["ID"] = random => Text(random),
        ["Long"] = random => random.NextInt64(long.MinValue, long.MaxValue),
        ["Decimal"] = random => new decimal(random.Next(), random.Next(), random.Next(1 << 29), random.Next(2) == 0, (byte)random.Next(28)),
        ["DateTime"] = random => new DateTimeOffset(Instant(random), TimeSpan.Zero),
        ["UUID"] = random => new Guid(Bytes(random, 16)),
        ["Duration"] = random => new TimeSpan(random.NextInt64(-TimeSpan.TicksPerDay * 90_000, TimeSpan.TicksPerDay * 90_000)),
        ["URL"] = random => new Uri($"https://{random.Next(1_000)}.example/{random.Next()}?q={random.Next()}"),
        ["Date"] = random => DateOnly.FromDateTime(Instant(random)),
        ["LocalDate"] = random => DateOnly.FromDateTime(Instant(random)),
        ["LocalTime"] = random => TimeOnly.FromDateTime(Instant(random)),
        ["LocalDateTime"] = random => Instant(random),
        ["Base64String"] = random => Bytes(random, random.Next(40)),
        ["Latitude"] = random => (random.NextDouble() * 180) - 90,
        ["Longitude"] = random => (random.NextDouble() * 360) - 180,
        ["Short"] = random => (short)random.Next(short.MinValue, short.MaxValue + 1),
        ["Byte"] = random => (sbyte)random.Next(sbyte.MinValue, sbyte.MaxValue + 1),
        ["UnsignedByte"] = random => (byte)random.Next(256),
        ["UnsignedShort"] = random => (ushort)random.Next(65_536),
        ["UnsignedInt"] = random => (uint)random.NextInt64(uint.MaxValue + 1L),
        ["UnsignedLong"] = random => BitConverter.ToUInt64(Bytes(random, 8)),
        ["Any"] = random => random.Next(2) == 0 ? Text(random) : random.NextInt64(),
    };

    /// <summary>The first values beyond each bound, as JSON and GraphQL both write them.</summary>
    private static readonly Dictionary<string, string[]> beyond = new(StringComparer.Ordinal)
    {
        ["Int"] = ["2147483648", "-2147483649", "0.5"],
        ["Long"] = ["9223372036854775808", "-9223372036854775809"],
        ["Decimal"] = ["79228162514264337593543950336", "1e30"],
        ["DateTime"] = ["\"10000-01-01T00:00:00Z\"", "\"2026-01-31T12:00:00\"", "\"2026-01-31T12:00:00.12345678Z\""],
        ["UUID"] = ["\"\"", "\"00000000-0000-0000-0000-00000000000g\""],
        ["Duration"] = ["\"P99999999D\"", "\"P1Y\"", "\"PT\\n\""],
        ["Date"] = ["\"2026-02-29\"", "\"10000-01-01\"", "\"2026-1-1\""],
        ["LocalDate"] = ["\"2026-02-29\"", "\"10000-01-01\""],
        ["LocalTime"] = ["\"24:00:00\"", "\"23:59:60\"", "\"12:00:00.12345678\""],
        ["LocalDateTime"] =
            ["\"2026-02-29T00:00:00\"", "\"2026-01-31T12:00:00Z\"",
                "\"2026-01-31T12:00:00+01:00\"", "\"2026-01-31 12:00:00\"", "\"2026-01-31T12:00:00.\"", "\"2026-01-31T12:00:00.12345678\""],
        ["Base64String"] = ["\"A\"", "\"A===\""],
        ["Latitude"] = ["90.0000001", "-91"],
        ["Longitude"] = ["180.0000001", "-181"],
        ["Short"] = ["32768", "-32769"],
        ["Byte"] = ["128", "-129"],
        ["UnsignedByte"] = ["256", "-1"],
        ["UnsignedShort"] = ["65536", "-1"],
        ["UnsignedInt"] = ["4294967296", "-1"],
        ["UnsignedLong"] = ["18446744073709551616", "-1"],
        ["Boolean"] = ["1", "\"true\""],
        ["String"] = ["1", "true"],
        ["ID"] = ["1.5", "true"],
        ["Float"] = ["\"1\"", "true"],
    };

    public static TheoryData<string> Scalars => [.. samples.Keys];

    public static TheoryData<string> Bounded => [.. beyond.Keys];

    [Theory]
    [MemberData(nameof(Scalars))]
    public void Every_value_reads_back_as_itself(string name)
    {
        ScalarType scalar = BuiltInScalars.Create(name)!;
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int round = 0; round < Rounds; round++)
        {
            object value = samples[name](random);
            string json = Written(scalar, value);
            using JsonDocument document = JsonDocument.Parse(json);

            Check(value, scalar.ParseJson(document.RootElement), $"{name} from JSON {json}, seed {seed}");
            Check(value, scalar.ParseLiteral(Parser.ParseValue(scalar.ToLiteral(value).ToString()!)), $"{name} from a literal of {json}, seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Bounded))]
    public void Values_out_of_range_are_refused(string name)
    {
        ScalarType scalar = BuiltInScalars.Create(name)!;
        foreach (string text in beyond[name])
        {
            using JsonDocument document = JsonDocument.Parse(text);
            Assert.Throws<CoercionException>(() => scalar.ParseJson(document.RootElement));
            Assert.Throws<CoercionException>(() => scalar.ParseLiteral(Parser.ParseValue(text)));
        }
    }

    private static void Check(object expected, object? found, string where) =>
        Assert.True(
            expected is byte[] bytes ? bytes.AsSpan().SequenceEqual((byte[])found!) : Equals(expected, found),
            $"{where}: {Convert.ToString(found, CultureInfo.InvariantCulture)}");

    private static string Written(ScalarType scalar, object value)
    {
        var written = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(written))
            scalar.Write(writer, value);
        return Encoding.UTF8.GetString(written.WrittenSpan);
    }

    private static DateTime Instant(Random random) => new(random.NextInt64(DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), DateTimeKind.Unspecified);

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static double Finite(Random random)
    {
        double value = BitConverter.ToDouble(Bytes(random, 8));
        return double.IsFinite(value) ? value : 0;
    }

    /// <summary>Of every plane except the surrogates, including control characters and quotes.</summary>
    private static string Text(Random random)
    {
        var text = new StringBuilder();
        for (int length = random.Next(12); length > 0; length--)
        {
            int character = random.Next(4) == 0 ? random.Next(0x80) : random.Next(0x11_0000);
            text.Append(character is >= 0xD800 and <= 0xDFFF ? "\"" : char.ConvertFromUtf32(character));
        }
        return text.ToString();
    }
}
