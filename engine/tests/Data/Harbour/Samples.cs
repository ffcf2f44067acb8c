namespace Mycelium.GraphQL.Engine.Tests.Data;

/// <summary>Values that collide often, and contain characters with a meaning in SQL patterns.</summary>
internal static class Samples
{
    private static readonly string[] Texts =
        ["", "a", "A", "ab", "aB", "Ab", "b", "ba", "100%", "a_b", "aXb", "\\", "a\\b", "'", "Ära", "ära",
            "ÄRA", "Ωmega", "ωMEGA", "日本", "😀", "a b", "\"", "ﬃ", "ffi", "zz",
            "İz", "iz", "ız", "IZ", "ß", "SS", "Σας", "ΣΑΣ", "K", "k", "ǅ", "ǆ"];

    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string Text(Random random) => Texts[random.Next(Texts.Length)];
    public static DateTimeOffset Instant(Random random) => Epoch.AddHours(random.Next(4)).AddTicks(10 * random.Next(2));
    public static Guid Serial(Random random) =>
        new([(byte)random.Next(3), 1, 2, (byte)(128 * random.Next(2)), 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, (byte)random.Next(2)]);
}
