namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Whole numbers in one to ten bytes; small ones of either sign take few.</summary>
internal static class Varint
{
    public static void Write(List<byte> output, long number)
    {
        ulong rest = (ulong)((number << 1) ^ (number >> 63));
        for (; rest >= 0x80; rest >>= 7)
            output.Add((byte)(rest | 0x80));
        output.Add((byte)rest);
    }

    public static bool TryRead(ref ReadOnlySpan<byte> input, out long number)
    {
        ulong value = 0;
        for (int i = 0; i < Math.Min(10, input.Length); i++)
        {
            value |= (ulong)(input[i] & 0x7F) << (7 * i);
            if (input[i] < 0x80)
            {
                number = (long)(value >> 1) ^ -(long)(value & 1);
                input = input[(i + 1)..];
                return true;
            }
        }
        number = 0;
        return false;
    }
}
